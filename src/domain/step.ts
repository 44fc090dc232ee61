/** `graceful`: connections end by themselves. `immediate`: a declared downtime, or an approved end to a drain. */
export type StopMode = 'graceful' | 'immediate';
