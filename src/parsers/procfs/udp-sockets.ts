import { eachLine, splitWords } from '../lines.ts';
import { parseDecimal, parseHex, quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/**
 * Parses /proc/net/udp or udp6, as `udp4_format_sock()` in net/ipv4/udp.c writes them: the packets that the sockets of
 * each local port have dropped, without ports that dropped none.
 */
export function parseUdpDrops(text: string): Map<string, number> {
  const drops = new Map<string, number>();
  let line = 0;
  for (const row of eachLine(text)) {
    line++;
    if (line === 1) expectHeader(row);
    else add(drops, splitWords(row), line);
  }
  return drops;
}

function expectHeader(row: string): void {
  if (!/^ *sl +local_address .* drops *$/.test(row)) {
    throw new ParseError(1, `expected a header that ends with "drops", got ${quote(row)}`);
  }
}

/** `514: 0100007F:0035 00000000:0000 07 … 2 00000000 12` */
function add(drops: Map<string, number>, words: readonly string[], line: number): void {
  const [, local = ''] = words;
  const port = String(parseHex(local.split(':')[1], 'the local port', line));
  const dropped = parseDecimal(words.at(-1), 'the dropped packets', line);
  if (dropped > 0) drops.set(port, (drops.get(port) ?? 0) + dropped);
}
