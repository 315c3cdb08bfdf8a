import type { Node } from '../cluster/node.ts';

export type Labels = Readonly<Record<string, string>>;

/** A line of one of ipvsadm's listings. */
export interface Row {
  readonly virtualServer: Labels;
  /** The address and port, of a line about a real server of that virtual server. */
  readonly realServer: Labels | undefined;
  readonly columns: readonly string[];
}

const servicePattern = /^(?<protocol>TCP|UDP|SCTP|FWM) +(?<service>\S+)(?<ipv6> IPv6)? *(?<columns>.*)$/;
const serverPattern = /^ {2}-> (?<server>\S+) +(?<columns>.*)$/;

/** Runs `ipvsadm -Ln` with more arguments, which decide on the columns. */
export async function readListing(node: Node, ...args: readonly string[]): Promise<Row[]> {
  const text = await node.run('ipvsadm', ['--list', '--numeric', ...args]);
  const [, , , ...lines] = text.trimEnd().split('\n');
  const rows: Row[] = [];
  for (const line of lines) rows.push(readRow(line, rows.at(-1)?.virtualServer ?? {}));
  return rows;
}

function readRow(line: string, current: Labels): Row {
  const service = servicePattern.exec(line)?.groups;
  if (service) return { virtualServer: readVirtualServer(service), realServer: undefined, columns: split(service) };
  const server = serverPattern.exec(line)?.groups;
  if (!server) throw new SyntaxError(`Cannot parse line "${line}" of ipvsadm --list`);
  const { address, port } = splitEndpoint(server.server);
  return { virtualServer: current, realServer: { real_address: address, real_port: port }, columns: split(server) };
}

function split({ columns = '' }: Labels): string[] {
  return columns.trim().split(/ +/);
}

function readVirtualServer({ protocol = '', service = '', ipv6 }: Labels): Labels {
  if (protocol === 'FWM') return { fwmark: service, family: ipv6 === undefined ? 'ipv4' : 'ipv6' };
  return { protocol: protocol.toLowerCase(), ...splitEndpoint(service) };
}

/** `10.0.0.100:80` or `[fd00::1]:80`. */
function splitEndpoint(text = ''): { address: string; port: string } {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon).replace(/[[\]]/g, ''), port: text.slice(colon + 1) };
}
