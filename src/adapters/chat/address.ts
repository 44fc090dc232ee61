import { isIPv4 } from 'node:net';

/** Whether a host, as an address to listen on or as a URL writes it, is reached from this machine alone. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));

/** An address that what is secret may be sent to, or keys be taken from: over TLS, or on this machine. Null for any other. */
export function trustworthy(address: string): URL | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.username !== '' || url.password !== '') return null;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url : null;
}

/** Whether a host is on a list of names; one that begins with a dot stands for everything below that domain. */
export const isListed = (host: string, listed: readonly string[]): boolean =>
  listed.some((name) => (name.startsWith('.') ? host.endsWith(name) : host === name));
