import {
  type BackupModule,
  type EventSeen,
  KEY_SERVICES,
  type KeyPort,
  type ServiceSeen,
  type TELLING_EVENTS,
} from '../../domain/condition.ts';
import type { ServerFqdn } from '../../domain/pool.ts';
import type { ServiceStatus } from '../../domain/sighting.ts';
import { hours, type Instant, minutes } from '../../domain/time.ts';

/** What `Get-CsBackupServiceStatus` can be made to say. */
export type BackupWeather = 'steady' | 'behind' | 'failed';
/** What a key service can be made to be; null gives it back to the server. */
export type ServiceWeather = 'Stopped' | 'Start Pending' | null;

/** Longer than any simulated night, in ms since 1970. */
const CERTIFICATE_ENDS = Date.UTC(2100, 0, 1);
const FREE = 60e9;
/** Our own number: a server that waits says so more often than the last hour that is looked at. */
const LOGGED_EVERY = minutes(15);
/** Windows' own words for what the product calls by other names. */
const STATES: Readonly<Record<ServiceStatus, string>> = {
  Running: 'Running',
  StartPending: 'Start Pending',
  StopPending: 'Stop Pending',
  Stopped: 'Stopped',
};

/** What a person would look at on simulated servers before a night: all well until the weather says otherwise. */
export class Conditions {
  backupWeather: BackupWeather = 'steady';
  /** The pool is the home of the Central Management Store. */
  holdsCms = false;
  /** Its users are at its backup pool. */
  failedOver = false;
  readonly pendingRestart = new Set<ServerFqdn>();
  /** Replicas of the Central Management Store that are behind. */
  readonly replicaBehind = new Set<ServerFqdn>();
  readonly #now: () => Instant;
  readonly #events: { readonly server: ServerFqdn; readonly event: EventSeen }[] = [];
  readonly #free = new Map<ServerFqdn, number>();
  readonly #ends = new Map<ServerFqdn, Instant>();
  readonly #services = new Map<string, { readonly state: ServiceWeather; readonly since: Instant }>();
  readonly #shut = new Set<string>();
  readonly #waiting = new Map<ServerFqdn, EventSeen>();

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** In bytes. */
  freeIs(server: ServerFqdn, free: number): void {
    this.#free.set(server, free);
  }
  /** After so many ms; below zero: it has ended. */
  certificateEnds(server: ServerFqdn, after: number): void {
    this.#ends.set(server, this.#now() + after);
  }
  event(server: ServerFqdn, id: (typeof TELLING_EVENTS)[number]): void {
    this.#events.push({ server, event: eventNow(id, this.#now()) });
  }
  /** What a server that is starting waits for, which it logs again and again; null: it does not wait. */
  waits(server: ServerFqdn, id: 32169 | 32174 | null): void {
    const known = this.#waiting.get(server);
    if (id === null) this.#waiting.delete(server);
    else if (known?.id !== id) this.#waiting.set(server, eventNow(id, this.#now()));
  }
  serviceIs(server: ServerFqdn, name: string, state: ServiceWeather): void {
    this.#services.set(`${server} ${name.toLowerCase()}`, { state, since: this.#now() });
  }
  portIs(server: ServerFqdn, port: KeyPort, open: boolean): void {
    this.#shut[open ? 'delete' : 'add'](`${server} ${port}`);
  }

  /** Free space of its one disk, in bytes. */
  free(server: ServerFqdn): number {
    return this.#free.get(server) ?? FREE;
  }
  certificateEnd(server: ServerFqdn): Instant {
    return this.#ends.get(server) ?? CERTIFICATE_ENDS;
  }
  /** Those of the last hour. */
  events(server: ServerFqdn): readonly EventSeen[] {
    const waiting = this.#waiting.get(server);
    const again = Math.floor((this.#now() - (waiting?.at ?? 0)) / LOGGED_EVERY) * LOGGED_EVERY;
    return [
      ...this.#events
        .filter((each) => each.server === server && this.#now() - each.event.at < hours(1))
        .map(({ event }) => event),
      ...(waiting === undefined ? [] : [{ ...waiting, at: waiting.at + again }]),
    ];
  }
  /** The key services of a server whose Front-End service is this, in a process that began then. */
  services(server: ServerFqdn, rtcsrv: ServiceStatus, began: Instant): readonly ServiceSeen[] {
    return KEY_SERVICES.map((name) => {
      const made = this.#services.get(`${server} ${name.toLowerCase()}`);
      const state = made?.state ?? (name === 'RTCSRV' ? STATES[rtcsrv] : 'Running');
      return { name, state, since: state === 'Start Pending' ? (made?.state ? made.since : began) : null };
    });
  }
  /** Whether nobody has shut it. */
  portOpen(server: ServerFqdn, port: number): boolean {
    return !this.#shut.has(`${server} ${port}`);
  }
  /** The modules of a paired pool; that one which was failed over says `FinalState` is our inference. */
  backup(): readonly BackupModule[] {
    const steady = this.failedOver ? 'FinalState' : 'SteadyState';
    const exporting = { steady, behind: 'NonSteadyState', failed: 'ErrorState' }[this.backupWeather];
    return [
      { name: 'UserServices.PresenceFocus', exporting, importing: 'NormalState' },
      { name: 'ConfServices.DataConf', exporting: steady, importing: 'NormalState' },
      { name: 'CentralMgmt.CMSMaster', exporting: this.holdsCms ? 'SteadyState' : 'NotInitialized', importing: 'NormalState' },
    ];
  }
}

const GROUPS_NOT_PLACED = 'Number of groups potentially not yet placed: 3. Total number of groups: 3.';

const eventNow = (id: number, at: Instant): EventSeen => ({ id, at, text: id === 32174 ? GROUPS_NOT_PLACED : `Event ${id}` });
