/** Where to listen. Without a host: on every address of the machine, IPv4 and IPv6. */
export interface ListenAddress {
  readonly host?: string;
  readonly port: number;
}

/** A socket that another process made and that listens already. */
export interface InheritedSocket {
  readonly fd: number;
}

/** Where a server listens. */
export type BoundAddress = ListenAddress | { readonly path: string };

/** Parses `:10044`, `127.0.0.1:10044`, `localhost:10044` or `[::1]:10044`; undefined for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, name, digits] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > 65_535) return undefined;
  const host = v6 || name;
  return host ? { host, port: Number(digits) } : { port: Number(digits) };
}

export function formatListenAddress(address: BoundAddress | InheritedSocket): string {
  if ('path' in address) return address.path;
  if ('fd' in address) return `file descriptor ${address.fd}`;
  const { host = '', port } = address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
