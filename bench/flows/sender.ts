/**
 * Sends TCP packets from every address to one, at a rate that changes with time, and reports each second how many
 * connections it began. Run in a network namespace of its own, by flows-namespace.ts:
 *
 *     flows-sender.ts KIND '[[seconds, from per second, to per second], ...]' [FLOWS]
 *
 * Of the kinds `syn` is an opening alone, and `answered` one that its client does not confirm; `connection` stays open,
 * `half-closed` waits for its server to close it, and `closed` is closed at once; `kept` is a datagram that
 * is answered, and so are an ICMP echo, a packet of GRE and one of ESP. With FLOWS, so many are used in turn: ports that are used again, and keepalives. Both directions leave through the same
 * namespace, which is all that connection tracking asks for.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import koffi from 'koffi';
import { type RateSegment, rateAt } from './schedule.ts';

const AF_INET = 2;
const SOCK_RAW = 3;
/** Whole IPv4 packets with their header; the kernel sums that. */
const IPPROTO_RAW = 255;
const [SYN, SYN_ACK, ACK, FIN_ACK] = [0x02, 0x12, 0x10, 0x11];
const TCP = 6;
/** Protocols without connections: what their headers begin with, from a client and from the server. */
const datagrams: Readonly<Record<string, { protocol: number; heads?: readonly [number, number] }>> = {
  kept: { protocol: 17 },
  pinged: { protocol: 1, heads: [0x0800_0000, 0] },
  tunnelled: { protocol: 47, heads: [0x0800, 0x0800] },
  encrypted: { protocol: 50, heads: [1, 2] },
};
/** From the range for benchmarks, RFC 2544. */
const server = 0xc612_0001;

const library = koffi.load(null);
const socket = library.func('int socket(int domain, int type, int protocol)');
const sendto = library.func(
  'intptr_t sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t addressLength)',
);

const descriptor: number = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
const packet = new DataView(new ArrayBuffer(40));
packet.setUint8(0, 0x45); // Version 4, five words of header.
packet.setUint16(2, 40); // Length.
packet.setUint8(8, 64); // Time to live.
packet.setUint8(9, 6); // TCP.
packet.setUint8(32, 0x50); // Five words of TCP header.
packet.setUint16(34, 65_535); // Window.

const bytes = new Uint8Array(packet.buffer);
const address = new Uint8Array(16);
address[0] = AF_INET;

/** The head stands in the place of ports. */
interface Header {
  readonly flags?: number;
  readonly sequence?: number;
  readonly acknowledged?: number;
  readonly head?: number | undefined;
}

/** A packet of connection `number`, from its client or from the server. Its TCP checksum is not looked at on the way out. */
function send(number: number, fromServer: boolean, { flags = 0, sequence = 0, acknowledged = 0, head }: Header): void {
  const client = 0x0b00_0000 + number;
  packet.setUint32(12, fromServer ? server : client);
  packet.setUint32(16, fromServer ? client : server);
  packet.setUint16(20, fromServer ? 80 : 40_000);
  packet.setUint16(22, fromServer ? 40_000 : 80);
  if (head !== undefined) packet.setUint32(20, head);
  packet.setUint32(24, sequence);
  packet.setUint32(28, acknowledged);
  packet.setUint8(33, flags);
  address.set(bytes.subarray(16, 20), 4);
  if (sendto(descriptor, bytes, bytes.length, 0, address, address.length) < 0)
    throw new Error(`sendto: ${koffi.errno()}`);
}

function begin(number: number, kind: string): void {
  const { protocol, heads } = datagrams[kind] ?? { protocol: TCP };
  packet.setUint8(9, protocol);
  if (kind in datagrams) {
    // The length of a datagram, or the number of an echo, is where a segment has its sequence number. No checksum is
    // looked at on the way out.
    send(number, false, { sequence: 20 * 0x1_0000, head: heads?.[0] });
    send(number, true, { sequence: 20 * 0x1_0000, head: heads?.[1] });
    return;
  }
  send(number, false, { flags: SYN, sequence: 1000 });
  if (kind === 'syn') return;
  send(number, true, { flags: SYN_ACK, sequence: 2000, acknowledged: 1001 });
  if (kind === 'answered') return;
  send(number, false, { flags: ACK, sequence: 1001, acknowledged: 2001 });
  if (kind === 'connection') return;
  send(number, false, { flags: FIN_ACK, sequence: 1001, acknowledged: 2001 });
  if (kind === 'half-closed') {
    send(number, true, { flags: ACK, sequence: 2001, acknowledged: 1002 });
    return;
  }
  send(number, true, { flags: FIN_ACK, sequence: 2001, acknowledged: 1002 });
  send(number, false, { flags: ACK, sequence: 1002, acknowledged: 2002 });
}

async function run(kind: string, schedule: readonly RateSegment[], flows: number): Promise<void> {
  const start = performance.now();
  const end = schedule.reduce((total, [seconds]) => total + seconds, 0);
  let [due, begun, last, reported] = [0, 0, 0, 0];
  for (let now = 0; now < end; now = (performance.now() - start) / 1000) {
    due += rateAt(schedule, now) * (now - last);
    last = now;
    for (; begun < due; begun++) begin(begun % flows, kind);
    for (; reported < Math.floor(now); reported++) process.stdout.write(`${begun}\n`);
    await sleep(2);
  }
}

const [kind = 'syn', schedule = '[]', flows = 'Infinity'] = process.argv.slice(2);
await run(kind, JSON.parse(schedule), Number(flows));
