import { Agent, request } from 'node:http';
import type { Call } from './wire.ts';

/** Brings a call to the process that holds the pool, and comes back with its answer. */
export type Post = (call: Omit<Call, 'bot'>) => Promise<unknown>;

/** The way there. It fails only when that process is gone. */
export function postTo(url: string, token: string, bot: string): Post {
  const agent = new Agent({ keepAlive: true });
  return (call) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const asked = request(url, { agent, method: 'POST', headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`it answers ${response.statusCode}: ${text}`)),
      );
    });
    asked.on('error', reject);
    asked.end(JSON.stringify({ ...call, bot }));
    return promise;
  };
}

/** A port whose every verb is a call. */
export const forwarded = <Port extends object>(port: Call['port'], post: Post): Port =>
  new Proxy({} as Port, {
    get:
      (_port, method) =>
      (...args: unknown[]) =>
        post({ port, method: String(method), args }),
  });
