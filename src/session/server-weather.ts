/** Weather of one word and a server. */
export const SERVER_WEATHER = [
  'remove-server',
  'not-ready',
  'is-ready',
  'down',
  'up',
  'stuck',
  'drain-forever',
  'patch-fails',
  'viewer',
  'viewer-closed',
] as const;
/** What may happen to one server. */
export type ServerWeather =
  | (typeof SERVER_WEATHER)[number]
  | 'failover-fails'
  | 'failback-fails'
  | 'hook-before-fails'
  | 'hook-after-fails'
  | 'restarted-by-hand'
  | 'patched-by-hand'
  | 'started-by-hand'
  | 'services-disabled'
  | 'services-enabled';
