/**
 * Sends the first packet of TCP connections that are never used, each from another invented address. Runs on
 * client:
 *
 *     syn-sender.ts ADDRESS PORT RATE SECONDS
 */
import { setTimeout as sleep } from 'node:timers/promises';
import koffi from 'koffi';

const AF_INET = 2;
const SOCK_RAW = 3;
/** Whole IPv4 packets with their header, which the kernel sums. The sum of TCP is the sender's. */
const IPPROTO_RAW = 255;
const SYN = 0x02;
/** 198.18.0.0/15, the range for benchmarks of RFC 2544. */
const sources = { first: 0xc612_0000, count: 0x2_0000 };
const tickMilliseconds = 10;

const library = koffi.load(null);
const socket = library.func('int socket(int domain, int type, int protocol)');
const sendto = library.func(
  'intptr_t sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t addressLength)',
);

const [address = '', port, perSecond, seconds] = process.argv.slice(2);
const send = openSender(address, Number(port));
const sent = await keepRate(send, Number(perSecond), Number(seconds));
process.stdout.write(`${JSON.stringify({ sent })}\n`);

async function keepRate(send: (number: number) => void, perSecond: number, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const elapsedSeconds = () => (performance.now() - startedAt) / 1000;
  let sent = 0;
  while (elapsedSeconds() < seconds) {
    for (; sent < elapsedSeconds() * perSecond; sent++) send(sent);
    await sleep(tickMilliseconds);
  }
  return sent;
}

/** Returns what sends the SYN of connection `number`. */
function openSender(address: string, port: number): (number: number) => void {
  const descriptor: number = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  if (descriptor < 0) throw new Error(`socket: errno ${koffi.errno()}`);
  const destination = Uint8Array.from(address.split('.').map(Number));
  const socketAddress = new Uint8Array(16);
  socketAddress[0] = AF_INET;
  socketAddress.set(destination, 4);
  return (number) => {
    const packet = makeSyn(sources.first + (number % sources.count), destination, port);
    if (sendto(descriptor, packet, packet.length, 0, socketAddress, socketAddress.length) < 0)
      throw new Error(`sendto ${address}: errno ${koffi.errno()}`);
  };
}

function makeSyn(source: number, destination: Uint8Array, port: number): Uint8Array {
  const bytes = new Uint8Array(40);
  const packet = new DataView(bytes.buffer);
  packet.setUint8(0, 0x45); // Version 4, five words of header.
  packet.setUint16(2, bytes.length);
  packet.setUint8(8, 64); // Time to live.
  packet.setUint8(9, 6); // TCP.
  packet.setUint32(12, source);
  bytes.set(destination, 16);
  packet.setUint16(20, 1024 + (source % 60_000));
  packet.setUint16(22, port);
  packet.setUint8(32, 0x50); // Five words of TCP header.
  packet.setUint8(33, SYN);
  packet.setUint16(34, 65_535); // Window.
  packet.setUint16(36, sumTcp(packet));
  return bytes;
}

/** A bridge verifies it before connection tracking sees the packet: with a wrong one it would be INVALID, not NEW. */
function sumTcp(packet: DataView): number {
  const [protocol, length] = [packet.getUint8(9), packet.byteLength - 20];
  let sum = protocol + length;
  for (let offset = 12; offset < packet.byteLength; offset += 2) sum += packet.getUint16(offset);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
