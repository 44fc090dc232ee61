import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** What came of asking a running Lifeguard for a backup. `nobody`: none on this machine has that record open. */
export type BackupAnswer = { readonly kind: 'done' | 'nobody' } | { readonly kind: 'refused'; readonly because: string };

/** The door for other processes of the same account on the same machine. */
export interface Control {
  close(): Promise<void>;
}

const REQUEST_CHARACTERS_MAX = 8_192;
const REQUEST_WITHIN_MS = 5_000;
const BACKUP_WITHIN_MS = 15 * 60_000;
const CONNECTIONS_MAX = 8;
/** What fits into the address of a socket on Linux and on macOS, which has the shorter one. */
const SOCKET_BYTES_MAX = 103;

/**
 * Lets a process that has no way to the open record ask for a backup of it. `takeBackup` writes one to a new file, and
 * fails in words for whoever asked. Rejects when it cannot listen, also when somebody else answers there.
 */
export async function openControl(storeFile: string, takeBackup: (to: string) => Promise<void>): Promise<Control> {
  const path = controlPath(storeFile);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Who goes away before the answer misses it.
    socket.on('error', () => {});
    serve(socket, takeBackup).catch(() => socket.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, path);
  return {
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Asks the Lifeguard that has the record in `storeFile` open to write a backup of it to the new file `to`. Never throws. */
export async function askForBackup(storeFile: string, to: string): Promise<BackupAnswer> {
  const socket = connect(controlPath(storeFile));
  try {
    await once(socket, 'connect');
    socket.setTimeout(BACKUP_WITHIN_MS, () => socket.destroy(new Error('it does not answer')));
    socket.write(`${JSON.stringify({ backup: resolve(to) })}\n`);
    return answerIn(await text(socket));
  } catch (error) {
    return isNobody(error) ? { kind: 'nobody' } : refused(`the running Lifeguard cannot be asked: ${saidBy(error)}`);
  } finally {
    socket.destroy();
  }
}

/** Where the Lifeguard that has this record open is asked: a socket beside the file, or a pipe named after it on Windows. */
export function controlPath(storeFile: string, platform: NodeJS.Platform = process.platform): string {
  const file = resolve(storeFile);
  if (platform !== 'win32') return `${file}.control`;
  return `\\\\.\\pipe\\lifeguard-${createHash('sha256').update(file.toLowerCase()).digest('hex').slice(0, 32)}`;
}

async function listen(server: Server, path: string): Promise<void> {
  const named = process.platform === 'win32';
  if (!named && Buffer.byteLength(path) > SOCKET_BYTES_MAX) {
    throw new Error(`${path} is too long for a socket (${SOCKET_BYTES_MAX} bytes)`);
  }
  try {
    await once(server.listen(path), 'listening');
  } catch (error) {
    const stale = !named && codeOf(error) === 'EADDRINUSE' && (await isDead(path));
    if (!stale) throw error;
    rmSync(path);
    await once(server.listen(path), 'listening');
  }
  if (!named) chmodSync(path, 0o600);
}

/** Whether this is the socket of a process that was killed. */
async function isDead(path: string): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return false;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return isNobody(error);
  } finally {
    socket.destroy();
  }
}

async function serve(socket: Socket, takeBackup: (to: string) => Promise<void>): Promise<void> {
  socket.setTimeout(REQUEST_WITHIN_MS, () => socket.destroy());
  const to = fileIn(await firstLine(socket));
  socket.setTimeout(0);
  const answer = to === null ? refused('{ "backup": "/an/absolute/path" } was expected') : await taken(takeBackup, to);
  socket.end(`${JSON.stringify(answer)}\n`);
}

async function firstLine(socket: Socket): Promise<string> {
  let line = '';
  for await (const chunk of socket.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    line += chunk;
    if (line.includes('\n') || line.length > REQUEST_CHARACTERS_MAX) break;
  }
  return line;
}

function fileIn(line: string): string | null {
  const request = parsed(line);
  if (request === null || !('backup' in request) || typeof request.backup !== 'string') return null;
  return isAbsolute(request.backup) ? request.backup : null;
}

async function taken(takeBackup: (to: string) => Promise<void>, to: string): Promise<BackupAnswer> {
  try {
    await takeBackup(to);
    return { kind: 'done' };
  } catch (error) {
    return refused(saidBy(error));
  }
}

function answerIn(line: string): BackupAnswer {
  const answer = parsed(line);
  if (answer !== null && 'kind' in answer && answer.kind === 'done') return { kind: 'done' };
  const told = answer !== null && 'because' in answer && typeof answer.because === 'string';
  return refused(told ? String(answer.because) : 'the running Lifeguard ended before it answered');
}

function parsed(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

const refused = (because: string): BackupAnswer => ({ kind: 'refused', because });
const saidBy = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
const isNobody = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ECONNREFUSED';
