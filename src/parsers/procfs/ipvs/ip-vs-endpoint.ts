import { formatIPv4, formatIPv6 } from '../../../identity/address.ts';
import { quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';

/** An address and a port as /proc/net/ip_vs has them. */
export interface IpVsEndpoint {
  readonly address: string;
  readonly port: string;
}

/** A machine often serves many virtual servers: each endpoint is parsed once for a table. */
export function createReadEndpoint(): typeof parseEndpoint {
  const known = new Map<string, IpVsEndpoint>();
  return (text, line) => {
    const earlier = known.get(text);
    if (earlier) return earlier;
    const endpoint = parseEndpoint(text, line);
    known.set(text, endpoint);
    return endpoint;
  };
}

/** `C0A80164:0050` or `[2001:0db8:…:0001]:0050`; the port is hexadecimal in both. */
export function parseEndpoint(text: string, line: number): IpVsEndpoint {
  const v4 = /^([\dA-F]{8}):([\dA-F]{4})$/.exec(text);
  if (v4) return { address: formatIPv4(hex(v4[1])), port: String(hex(v4[2])) };
  const v6 = /^\[((?:[\da-f]{4}:){7}[\da-f]{4})\]:([\dA-F]{4})$/.exec(text);
  if (v6) return { address: formatIPv6((v6[1] ?? '').split(':').map(hex)), port: String(hex(v6[2])) };
  throw new ParseError(line, `expected an address and a port, got ${quote(text)}`);
}

function hex(digits = ''): number {
  return Number.parseInt(digits, 16);
}
