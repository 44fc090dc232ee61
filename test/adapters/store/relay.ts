import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Something between a client and a server, which passes on every byte until it is told otherwise. */
export interface Relay {
  /** The server's URL by way of this relay. */
  readonly url: string;
  /** From now on nothing is taken from either side, and nobody is told: to the server this is a frozen process. */
  freeze(): void;
}

/** Starts a relay to the server in `url`; `rewrite` may change what the server says. It ends with the test. */
export async function startRelay(t: TestContext, url: string, rewrite = (said: Buffer): Buffer => said): Promise<Relay> {
  const server = new URL(url);
  const sockets: Socket[] = [];
  let frozen = false;
  const pass = (from: Socket, to: Socket, change: (said: Buffer) => Buffer): void => {
    sockets.push(from);
    from.on('data', (said) => void to.write(change(said)));
    from.on('error', () => {});
    from.on('close', () => void (frozen || to.destroy()));
  };
  const relay = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname);
    pass(client, upstream, (said) => said);
    pass(upstream, client, rewrite);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  t.after(() => {
    relay.close();
    for (const socket of sockets) socket.destroy();
  });
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((relay.address() as AddressInfo).port);
  const freeze = (): void => {
    frozen = true;
    for (const socket of sockets) socket.pause();
  };
  return { url: through.href, freeze };
}
