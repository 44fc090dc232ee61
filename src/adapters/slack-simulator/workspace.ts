import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Faults } from './faults.ts';
import type { Given } from './method.ts';
import type { Fault, ReceivedCall, SimulatedMessage } from './model.ts';
import { type Says, saysIn } from './payloads.ts';
import { serving } from './server.ts';
import { type WorkspaceOptions, WorkspaceState } from './state.ts';

/**
 * A Slack workspace that is not there: its Web API on this machine, and what its people do. Stricter than Slack in one
 * thing: an argument that it does not know is refused. A channel is archived, shared or left by changing `state`.
 */
export interface Workspace {
  readonly apiUrl: string;
  readonly state: WorkspaceState;
  readonly says: Says;
  /** Every call so far, the refused ones too. */
  readonly calls: readonly ReceivedCall[];
  /** Messages of a channel that stand at its top level, oldest first; with `ts`, those of that thread. */
  messages(channel: string, threadTs?: string): readonly SimulatedMessage[];
  /** The next calls of that method with such arguments meet this; `times` is 1 when it is not said. */
  fail(method: string, fault: Fault, times?: number, where?: (given: Given) => boolean): void;
  /** Somebody deletes a message. */
  deleteMessage(channel: string, ts: string): void;
  close(): Promise<void>;
}

/** Opens a workspace on a free port of this machine. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const state = new WorkspaceState(options);
  const faults = new Faults();
  const calls: ReceivedCall[] = [];
  const server = createServer(serving(state, faults, calls));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${state.address}/api/`,
    state,
    says: saysIn(state),
    calls,
    messages: (channel, thread) => state.channel(channel).messages.filter(({ threadTs }) => threadTs === (thread ?? null)),
    fail: (method, fault, times = 1, where = () => true) => faults.arm({ method, fault, where }, times),
    deleteMessage: (channel, ts) => {
      const place = state.channel(channel);
      state.remove(place, state.message(place, ts));
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
