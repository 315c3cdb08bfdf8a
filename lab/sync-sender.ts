/**
 * Sends directors connections that do not exist, as the synchronisation thread of another director would (version 1
 * of its messages, ip_vs_sync.c). Runs on a node of their network:
 *
 *     node sync-sender.mjs OWN_ADDRESS COUNT LIFETIME_SECONDS
 */
import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';

const group = { address: '224.0.0.81', port: 8848 };
const headerBytes = 8;
const entryBytes = 36;
/** What fits into a datagram of Ethernet. */
const maxEntries = 40;
/** Datagrams without a pause: as many as wait in the socket of a director that is slow. */
const burst = 20;

const IPPROTO_TCP = 6;
const IP_VS_CONN_F_DROUTE = 0x3;
const IP_VS_TCP_S_ESTABLISHED = 1;
/** 198.18.0.0/15, the range for benchmarks of RFC 2544. */
const firstClient = 0xc612_0000;
const portsOfClient = 50_000;
const [virtualAddress, realAddress] = [0xc0_00_02_01, 0xc0_00_02_02];

const [ownAddress = '', count, lifetimeSeconds] = process.argv.slice(2);
const socket = createSocket('udp4');
await new Promise<void>((resolve) => socket.bind(0, ownAddress, resolve));
socket.setMulticastInterface(ownAddress);
await sendConnections(Number(count), Number(lifetimeSeconds));
socket.close();

async function sendConnections(count: number, lifetimeSeconds: number): Promise<void> {
  for (let first = 0, datagrams = 1; first < count; first += maxEntries, datagrams++) {
    await send(makeMessage(first, Math.min(maxEntries, count - first), lifetimeSeconds));
    if (datagrams % burst === 0) await sleep(5);
  }
}

function send(message: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, group.port, group.address, (error) => (error ? reject(error) : resolve()));
  });
}

/** struct ip_vs_sync_mesg */
function makeMessage(first: number, entries: number, lifetimeSeconds: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(headerBytes + entries * entryBytes));
  bytes.setUint16(2, bytes.byteLength);
  bytes.setUint8(4, entries);
  bytes.setUint8(5, 1); // Version.
  for (let index = 0; index < entries; index++) {
    writeEntry(bytes, headerBytes + index * entryBytes, first + index, lifetimeSeconds);
  }
  return new Uint8Array(bytes.buffer);
}

/** struct ip_vs_sync_v4 */
function writeEntry(bytes: DataView, offset: number, number: number, lifetimeSeconds: number): void {
  bytes.setUint8(offset + 1, IPPROTO_TCP);
  bytes.setUint16(offset + 2, entryBytes);
  bytes.setUint32(offset + 4, IP_VS_CONN_F_DROUTE);
  bytes.setUint16(offset + 8, IP_VS_TCP_S_ESTABLISHED);
  bytes.setUint16(offset + 10, 1024 + (number % portsOfClient));
  bytes.setUint16(offset + 12, 80);
  bytes.setUint16(offset + 14, 80);
  bytes.setUint32(offset + 20, lifetimeSeconds);
  bytes.setUint32(offset + 24, firstClient + Math.floor(number / portsOfClient));
  bytes.setUint32(offset + 28, virtualAddress);
  bytes.setUint32(offset + 32, realAddress);
}
