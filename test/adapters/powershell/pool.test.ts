import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CallRecord, PowerShellCalls, type Reached } from '../../../src/adapters/powershell/calls.ts';
import { entry } from '../../../src/adapters/powershell/catalogue.ts';
import { reachPools } from '../../../src/adapters/powershell/connections.ts';
import { PowerShellOperator, PowerShellReader } from '../../../src/adapters/powershell/pool.ts';
import type { ServerFqdn } from '../../../src/domain/pool.ts';
import { FE1, FE2, FE3, POOL } from '../scripted-pool.ts';
import { fakeStart, skipWithoutScripts } from './fake-powershell.ts';

const skip = skipWithoutScripts;
const NO_COMMANDS = { patch: () => null, hook: () => null };

/** How the PowerShell of each server behaves, and what it says; a server that is not named cannot be reached. */
type Servers = Readonly<Record<string, readonly [mode: string, says?: unknown]>>;

async function on(servers: Servers, run: (calls: PowerShellCalls, log: readonly CallRecord[]) => Promise<void>): Promise<void> {
  const log: CallRecord[] = [];
  const { executable, scripts } = fakeStart('answer');
  const reach = (server: ServerFqdn | null): Reached => {
    const behaves = server === null ? undefined : servers[server];
    if (server === null || behaves === undefined) return { kind: 'unreachable', because: 'no route to host' };
    return {
      kind: 'reached',
      on: server,
      machine: server,
      executable,
      wayIn: 'run.ps1',
      environment: fakeStart(...behaves).environment,
    };
  };
  const limits = { perMachine: 1, alive: 3, calls: 100 };
  const calls = new PowerShellCalls({
    scripts,
    limits,
    reach: { server: (_pool, server) => reach(server), first: () => [] },
    log: (call) => log.push(call),
  });
  try {
    await run(calls, log);
  } finally {
    await calls.close();
  }
}

const OPEN = { open: true };

for (const mode of ['death in the middle', 'garbage', 'exit 0', 'crash at once']) {
  test(`when the PowerShell of one server fails, the next is asked: ${mode}`, { skip }, async () => {
    await on({ [FE1]: [mode], [FE2]: ['answer', OPEN] }, async (calls, log) => {
      const answer = await new PowerShellReader(calls).sipPort(POOL, [FE3, FE1, FE2], FE1);
      assert.deepEqual([answer.kind === 'understood' && answer.value, answer.askedOf], [true, FE2]);
      assert.deepEqual(
        log.map(({ server, outcome }) => [server, outcome]),
        [
          [FE3, 'not-asked'],
          [FE1, 'lost'],
          [FE2, 'value'],
        ],
      );
    });
  });
}

test('an answer that is not understood is that server’s answer: no other is asked until one pleases', { skip }, async () => {
  await on({ [FE1]: ['answer', { open: 'perhaps' }], [FE2]: ['answer', OPEN] }, async (calls) => {
    const answer = await new PowerShellReader(calls).sipPort(POOL, [FE1, FE2], FE3);
    assert.deepEqual([answer.kind, answer.askedOf], ['garbage', FE1]);
    assert.match(answer.raw, /perhaps/);
  });
});

test('when nobody answers there is silence, which names everyone and why', { skip }, async () => {
  await on({ [FE1]: ['death in the middle'] }, async (calls) => {
    const answer = await new PowerShellReader(calls).sipPort(POOL, [FE3, FE1], FE2);
    assert.equal(answer.kind, 'silent');
    assert.match(
      answer.kind === 'silent' ? answer.because : '',
      /fe03\.contoso\.com: no route to host; fe01\.contoso\.com: PowerShell ended/,
    );
    assert.equal(answer.askedOf, FE1);
  });
});

test('a time-out is told as one', { skip }, async () => {
  const slow = entry('port.ps1', {}, 500, 'give-up');
  await on({ [FE1]: ['silence'] }, async (calls) => {
    const answer = await calls.read(POOL, FE1, slow, {});
    assert.deepEqual([answer.kind, answer.kind === 'lost' && answer.timedOut], ['lost', true]);
  });
});

const TOLD: readonly (readonly [mode: string, says: unknown, kind: string])[] = [
  ['answer', { kind: 'accepted' }, 'accepted'],
  ['answer', { kind: 'refused', because: 'dana is logged on' }, 'refused'],
  ['answer', { kind: 'perhaps' }, 'unknown'],
  ['answer', null, 'unknown'],
  ['garbage', null, 'unknown'],
  ['half a line', null, 'unknown'],
  ['exit 0', null, 'unknown'],
  ['death in the middle', null, 'unknown'],
  ['crash at once', null, 'unknown'],
];
for (const [mode, says, kind] of TOLD) {
  test(`a server that says ${JSON.stringify(says)} (${mode}) has ${kind} it`, { skip }, async () => {
    await on({ [FE1]: [mode, says] }, async (calls) => {
      const operator = new PowerShellOperator(calls, NO_COMMANDS);
      assert.equal((await operator.stopServices(POOL, FE1, 'graceful')).kind, kind);
    });
  });
}

test('an effect is asked of its own server and of no other', { skip }, async () => {
  await on({ [FE2]: ['answer', { kind: 'accepted' }] }, async (calls, log) => {
    const told = await new PowerShellOperator(calls, NO_COMMANDS).startServices(POOL, FE1);
    assert.equal(told.kind, 'unknown');
    assert.deepEqual(
      log.map(({ server }) => server),
      [FE1],
    );
  });
});

test('what the catalogue does not take is refused before anything is started', { skip }, async () => {
  await on({ [FE1]: ['answer', { kind: 'accepted' }] }, async (calls) => {
    const operator = new PowerShellOperator(calls, { ...NO_COMMANDS, patch: () => ({ file: 'a\nb', arguments: [] }) });
    assert.match(JSON.stringify(await operator.restart(POOL, FE1, 0.5)), /"refused".*before PowerShell was asked/);
    assert.match(JSON.stringify(await operator.patch(POOL, FE1)), /"refused".*before PowerShell was asked/);
    assert.deepEqual(await new PowerShellOperator(calls, NO_COMMANDS).patch(POOL, FE1), {
      kind: 'refused',
      because: 'no patch command is configured for pool01.contoso.com',
    });
  });
});

test('from the machine it runs on the bot asks no other', () => {
  const reach = reachPools(new Map([[POOL, { kind: 'local', server: FE1 }]]), { ssh: 'pwsh', others: 'powershell.exe' });
  assert.deepEqual(reach.first(POOL), [FE1]);
  for (const server of [null, FE1]) {
    const reached = reach.server(POOL, server);
    assert.deepEqual([reached.kind, reached.kind === 'reached' && reached.on], ['reached', FE1]);
  }
  const because = 'the bot runs on fe01.contoso.com and can ask no other machine, so fe02.contoso.com was not asked';
  assert.deepEqual(reach.server(POOL, FE2), { kind: 'elsewhere', because });
});

test('an act on a machine that is not the bot’s own is refused with the reason', { skip }, async () => {
  const { executable, scripts } = fakeStart('answer');
  const calls = new PowerShellCalls({
    scripts,
    limits: { perMachine: 1, alive: 1, calls: 1 },
    reach: reachPools(new Map([[POOL, { kind: 'local', server: FE1 }]]), { ssh: executable, others: executable }),
  });
  const told = await new PowerShellOperator(calls, NO_COMMANDS).restart(POOL, FE2, 0);
  assert.deepEqual([told.kind, /can ask no other machine/.test(JSON.stringify(told))], ['refused', true]);
  await calls.close();
});
