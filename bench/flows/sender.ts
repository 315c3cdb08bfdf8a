/**
 * Sends TCP packets from every address to one, at a rate that changes with time, and says each second how many
 * connections it began. Run in a network namespace of its own, by flows-namespace.ts:
 *
 *     flows-sender.ts syn|connection|closed|kept '[[seconds, from per second, to per second], ...]' [FLOWS]
 *
 * `syn` is an opening alone; `connection` is answered and stays open; `closed` is closed at once; `kept` is a datagram that
 * is answered. With FLOWS, so many are used in turn: ports that are used again, and keepalives. Both directions leave through the same
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
const [TCP, UDP] = [6, 17];
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

/** A packet of connection `number`, from its client or from the server. Its TCP checksum is not looked at on the way out. */
function send(number: number, fromServer: boolean, flags: number, sequence: number, acknowledged: number): void {
  const client = 0x0b00_0000 + number;
  packet.setUint32(12, fromServer ? server : client);
  packet.setUint32(16, fromServer ? client : server);
  packet.setUint16(20, fromServer ? 80 : 40_000);
  packet.setUint16(22, fromServer ? 40_000 : 80);
  packet.setUint32(24, sequence);
  packet.setUint32(28, acknowledged);
  packet.setUint8(33, flags);
  address.set(bytes.subarray(16, 20), 4);
  if (sendto(descriptor, bytes, bytes.length, 0, address, address.length) < 0)
    throw new Error(`sendto: ${koffi.errno()}`);
}

function begin(number: number, kind: string): void {
  packet.setUint8(9, kind === 'kept' ? UDP : TCP);
  if (kind === 'kept') {
    // The length of a datagram is where a segment has its sequence number. Its checksum is not looked at on the way out.
    for (const fromServer of [false, true]) send(number, fromServer, 0, 20 * 0x1_0000, 0);
    return;
  }
  send(number, false, SYN, 1000, 0);
  if (kind === 'syn') return;
  send(number, true, SYN_ACK, 2000, 1001);
  send(number, false, ACK, 1001, 2001);
  if (kind === 'connection') return;
  send(number, false, FIN_ACK, 1001, 2001);
  send(number, true, FIN_ACK, 2001, 1002);
  send(number, false, ACK, 1002, 2002);
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
