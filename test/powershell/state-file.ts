import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Waits until the state file of a process that we started says this, at most as long as the test may take. */
export async function stateOf(folder: string, name: string, text: RegExp): Promise<string> {
  const states = join(folder, 'data', 'Lifeguard');
  const file = join(states, `${name}.state`);
  const watcher = watch(states);
  try {
    for (;;) {
      const state = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (text.test(state)) return state;
      await once(watcher, 'change');
    }
  } finally {
    watcher.close();
  }
}
