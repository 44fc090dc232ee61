import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { askForBackup, controlPath, openControl } from '../../../src/adapters/http/control.ts';
import { openStore } from '../../../src/adapters/store/sqlite.ts';

const POSIX = process.platform !== 'win32';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-control-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** What a request of these bytes is answered. */
async function raw(storeFile: string, request: string): Promise<string> {
  const socket = connect(controlPath(storeFile));
  socket.on('error', () => {});
  socket.write(request);
  return text(socket);
}

test('a running Lifeguard writes the backup that another process asks for', async (t) => {
  const folder = newFolder(t);
  const file = join(folder, 'lifeguard.db');
  const store = await openStore(file);
  t.after(() => store.close());
  const control = await openControl(file, store.backup);
  t.after(() => control.close());
  if (POSIX) assert.equal(statSync(controlPath(file)).mode & 0o777, 0o600);
  const to = join(folder, 'backup.db');
  assert.deepEqual(await askForBackup(relative(process.cwd(), file), relative(process.cwd(), to)), { kind: 'done' });
  await (await openStore(to)).close();
  assert.deepEqual(await askForBackup(file, to), {
    kind: 'refused',
    because: `${to} is there already; nothing is written over it`,
  });
});

test('nobody answers for a record that nobody has open', async (t) => {
  const file = join(newFolder(t), 'lifeguard.db');
  assert.deepEqual(await askForBackup(file, 'backup.db'), { kind: 'nobody' });
  const control = await openControl(file, async () => {});
  await control.close();
  assert.equal(POSIX && existsSync(controlPath(file)), false);
  assert.deepEqual(await askForBackup(file, 'backup.db'), { kind: 'nobody' });
});

for (const request of [
  'hello\n',
  'null\n',
  '{}\n',
  '{"backup":7}\n',
  '{"backup":"relative.db"}\n',
  '{"backup":""}\n',
  `{"backup":"/${'x'.repeat(20_000)}`,
]) {
  test(`what is no request is refused: ${request.slice(0, 30).trim()}`, async (t) => {
    const file = join(newFolder(t), 'lifeguard.db');
    const asked: string[] = [];
    const control = await openControl(file, async (to) => void asked.push(to));
    t.after(() => control.close());
    assert.deepEqual(JSON.parse(await raw(file, request)), {
      kind: 'refused',
      because: '{ "backup": "/an/absolute/path" } was expected',
    });
    assert.deepEqual(asked, []);
  });
}

test('a Lifeguard that ends before it answers is no backup', async (t) => {
  const file = join(newFolder(t), 'lifeguard.db');
  const asked = Promise.withResolvers<void>();
  const control = await openControl(file, async () => {
    asked.resolve();
    await new Promise(() => {});
  });
  const answer = askForBackup(file, 'backup.db');
  await asked.promise;
  await control.close();
  assert.deepEqual(await answer, { kind: 'refused', because: 'the running Lifeguard ended before it answered' });
});

test('who goes away before the answer harms nobody', async (t) => {
  const file = join(newFolder(t), 'lifeguard.db');
  const gone = Promise.withResolvers<void>();
  const control = await openControl(file, () => gone.promise);
  t.after(() => control.close());
  const socket = connect(controlPath(file));
  socket.end(`{"backup":${JSON.stringify(join(newFolder(t), 'backup.db'))}}\n`);
  await once(socket.resume(), 'close');
  gone.resolve();
  assert.deepEqual(await askForBackup(file, 'backup.db'), { kind: 'done' });
});

test('two do not listen for one record', async (t) => {
  const file = join(newFolder(t), 'lifeguard.db');
  const control = await openControl(file, async () => {});
  t.after(() => control.close());
  await assert.rejects(
    openControl(file, async () => {}),
    { code: 'EADDRINUSE' },
  );
  assert.deepEqual(await askForBackup(file, 'backup.db'), { kind: 'done' }, 'the first is still reached');
});

test('a socket that a killed Lifeguard has left is replaced', { skip: !POSIX }, async (t) => {
  const file = join(newFolder(t), 'lifeguard.db');
  const path = JSON.stringify(controlPath(file));
  const listen = `require('node:net').createServer().listen(${path}, () => console.log('listening'))`;
  const killed = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  assert.ok(existsSync(controlPath(file)));
  assert.deepEqual(await askForBackup(file, 'backup.db'), { kind: 'nobody' });
  const control = await openControl(file, async () => {});
  t.after(() => control.close());
  assert.deepEqual(await askForBackup(file, 'backup.db'), { kind: 'done' });
});

test('a file that is no socket is left alone', { skip: !POSIX }, async (t) => {
  const file = join(newFolder(t), 'lifeguard.db');
  writeFileSync(controlPath(file), 'Dear diary');
  await assert.rejects(
    openControl(file, async () => {}),
    { code: 'EADDRINUSE' },
  );
  assert.ok(existsSync(controlPath(file)));
});

test('a path that no socket can have is told', { skip: !POSIX }, async (t) => {
  const file = join(newFolder(t), 'x'.repeat(100), 'lifeguard.db');
  await assert.rejects(
    openControl(file, async () => {}),
    /is too long for a socket \(103 bytes\)/,
  );
  const answer = await askForBackup(file, 'backup.db');
  assert.equal(answer.kind, 'refused');
});

test('somebody who answers otherwise is no Lifeguard', async (t) => {
  const file = join(newFolder(t), 'lifeguard.db');
  const other = createServer((socket) => void socket.end('220 mail ready\n')).listen(controlPath(file));
  await once(other, 'listening');
  t.after(() => other.close());
  assert.equal((await askForBackup(file, 'backup.db')).kind, 'refused');
});

test('on Windows each record has a pipe of its own, whatever the case of its name', () => {
  const pipe = controlPath('/srv/Lifeguard/lifeguard.db', 'win32');
  assert.match(pipe, /^\\\\\.\\pipe\\lifeguard-[0-9a-f]{32}$/);
  assert.equal(controlPath('/SRV/lifeguard/LIFEGUARD.db', 'win32'), pipe);
  assert.notEqual(controlPath('/srv/lifeguard/other.db', 'win32'), pipe);
});
