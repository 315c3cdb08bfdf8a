import type { IncomingMessage } from 'node:http';

type Asked = Pick<IncomingMessage, 'headers' | 'httpVersion'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** What proxies add. By default, nginx adds nothing and uses HTTP/1.0. */
const forwardingHeaders = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

const loopback = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** An address or a name without a domain, with a port or without. */
const plainHost = /^(\[[\da-f:.]+\]|\d+\.\d+\.\d+\.\d+|[^.:[\]\s]+)(:\d+)?$/i;

/**
 * Whether the reader of a page is on this machine. A proxy on this machine forwards for readers that may be anywhere, and so
 * does a browser for a site whose name was made to stand for this machine: it sends that name as the host.
 */
export function isFromThisMachine({ socket, headers, httpVersion }: Asked): boolean {
  const isForwarded = httpVersion !== '1.1' || forwardingHeaders.some((name) => headers[name] !== undefined);
  return !isForwarded && plainHost.test(headers.host ?? '') && loopback.test(socket.remoteAddress ?? '');
}
