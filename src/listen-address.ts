/** Where to listen. Without a host: on every address of the machine, IPv4 and IPv6. */
export interface ListenAddress {
  readonly host?: string;
  readonly port: number;
}

/** Parses `:10044`, `127.0.0.1:10044`, `localhost:10044` or `[::1]:10044`; undefined for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, name, digits] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > 65_535) return undefined;
  const host = v6 || name;
  return host ? { host, port: Number(digits) } : { port: Number(digits) };
}

export function formatListenAddress({ host = '', port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
