import { Upgraded } from './upgraded.ts';

/** What rolling restarts have come to. They neither count for an upgrade nor are undone by one. */
export class Restarted extends Upgraded {
  /** Whether the run under way is one. */
  running = false;
  /** Restarted since they were taken down. */
  readonly #newBoot = new Set<string>();
  #plannedFor: readonly string[] = [];
  #ofAll = false;

  override begins(scope: string): void {
    super.begins(scope);
    this.#ofAll = scope !== 'domains';
  }
  /** Servers that a restart of the whole pool has left out, whatever was published meanwhile. */
  leftOut(): readonly string[] {
    return this.running && this.#ofAll ? this.#plannedFor.filter((server) => !this.has(server)) : [];
  }
  override delete(server: string): void {
    super.delete(server);
    this.#newBoot.delete(server);
  }
  /** A topology with other servers has every server restarted: what was restarted before it counts no more. */
  plansFor(servers: readonly string[]): void {
    if (!this.running) return;
    if (this.#plannedFor.join() !== servers.join()) {
      this.clear();
      this.#newBoot.clear();
    }
    this.#plannedFor = servers;
  }
  boots(server: string): void {
    if (this.running) this.#newBoot.add(server);
  }
  comesBack(server: string): void {
    if (this.#newBoot.has(server)) this.add(server);
  }
}
