import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cardText } from './card.ts';
import { type Clients, clientsIn } from './client.ts';
import { Faults } from './faults.ts';
import { ISSUER, Keys, type TokenOverrides } from './keys.ts';
import { CannotDo, type Given, type ReceivedCall, type SimulatedPerson } from './model.ts';
import { type Says, saysIn } from './says.ts';
import { serving } from './server.ts';
import { type NewPerson, type SimulatedTeamsOptions, TeamsState } from './state.ts';

/** A message as one person sees it. */
export interface SeenMessage {
  readonly id: string;
  readonly root: string | null;
  /** By object id; null for the app's. */
  readonly by: string | null;
  readonly text: string;
  readonly card: Given | null;
}

/**
 * A Microsoft Teams that is not there: the Bot Connector, the keys of the login service, and people with their clients. A
 * conversation is closed, and somebody taken out of one, by changing `state`.
 */
export interface SimulatedTeams extends Clients {
  /** With a path of its own below the address, as Microsoft's has one, and a slash at its end. */
  readonly serviceUrl: string;
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly state: TeamsState;
  readonly says: Says;
  readonly faults: Faults;
  /** Every call so far, the refused ones too. */
  readonly calls: readonly ReceivedCall[];
  /** A token as Teams sends it from its service URL, but for what is said here. */
  sign(overrides?: TokenOverrides): string;
  /** Another key signs from now on. */
  rotate(): void;
  addPerson(person: NewPerson): SimulatedPerson;
  /** What stands in a conversation before somebody who is in it, oldest first. */
  seenBy(person: string, conversation: string): readonly SeenMessage[];
  /** Somebody deletes a message, whoever wrote it. */
  deleteMessage(messageId: string): void;
  close(): Promise<void>;
}

/** Opens a Teams on a free port of this machine. */
export async function openTeams(options: SimulatedTeamsOptions): Promise<SimulatedTeams> {
  const state = new TeamsState(options);
  const keys = new Keys(options.app.id);
  const faults = new Faults();
  const calls: ReceivedCall[] = [];
  const says = saysIn(state);
  const server = createServer(serving({ state, keys, faults, calls }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.serviceUrl = `${address}/emea/${options.tenant}/`;
  return {
    ...clientsIn(state, says, keys),
    serviceUrl: state.serviceUrl,
    issuer: ISSUER,
    metadataUrl: `${address}${keys.metadataPath}`,
    state,
    says,
    faults,
    calls,
    sign: (overrides = {}) => keys.sign(state.serviceUrl, overrides),
    rotate: () => keys.rotate(),
    addPerson: (person) => state.addPerson(person),
    seenBy: (person, conversation) => seenBy(person, conversation, state),
    deleteMessage: (messageId) => {
      state.whereIs(messageId).message.deleted = true;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function seenBy(person: string, id: string, state: TeamsState): readonly SeenMessage[] {
  const { members, messages, name } = state.conversation(id);
  if (!members.has(person)) throw new CannotDo(`${state.person(person).name} is not in ${name}`);
  return messages
    .filter(({ deleted }) => !deleted)
    .map(({ id: message, root, by, text, card, alone }) => {
      const own = alone.get(person);
      return { id: message, root, by, text: own === undefined ? text : cardText(own), card: own ?? card };
    });
}
