import { contentOf, postOwn, tellAlone, tellOfMessage } from './content.ts';
import { type Given, isOn } from './method.ts';
import { Refused } from './model.ts';
import type { WorkspaceState } from './state.ts';

const KNOWN = ['text', 'blocks', 'response_type', 'replace_original', 'delete_original', 'thread_ts', 'metadata'];

/** An answer by its address, which needs no token: to the person alone, to the channel, or in place of what was pressed. */
export function respond(name: string, given: Given, state: WorkspaceState): void {
  const { channel: place, user, ts } = state.useResponse(name);
  const unknown = Object.keys(given).filter((each) => !KNOWN.includes(each));
  if (unknown.length > 0) throw new Refused('invalid_payload', unknown);
  const channel = state.channel(place);
  if (isOn(given['delete_original'])) {
    state.remove(channel, state.message(channel, ts));
    return;
  }
  const content = contentOf(given, state);
  if (isOn(given['replace_original'])) {
    const message = state.message(channel, ts);
    Object.assign(message, content, { edits: message.edits + 1 });
    tellOfMessage('response_url', given, channel, message, state);
  } else if (given['response_type'] === 'in_channel') {
    tellOfMessage('response_url', given, channel, postOwn(channel, given, { ...content, files: [] }, state), state);
  } else tellAlone('response_url', given, { user, channel: place, ...content }, state);
}
