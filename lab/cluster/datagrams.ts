import type { Node } from './node.ts';

/** All from one port: a single IPVS connection. ICMP reports the closed port, which this socket ignores. */
const sender = `
  const [address, port, perSecond] = process.argv.slice(1);
  const socket = require('node:dgram').createSocket('udp4');
  const startedAt = performance.now();
  let sent = 0;
  setInterval(() => {
    for (; sent < ((performance.now() - startedAt) / 1000) * perSecond; sent++) socket.send('x', port, address);
  }, 20)`;

/** Sends UDP datagrams at a rate while the work is done. */
export async function withDatagrams<Result>(
  from: Node,
  { address, port, perSecond }: { address: string; port: number; perSecond: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const words = [address, port, perSecond].map(String);
  from.start('bash', ['-c', 'echo $$ >/run/datagrams.pid; exec "$0" -e "$@"', process.execPath, sender, ...words]);
  try {
    return await work();
  } finally {
    await from.run('bash', ['-c', 'kill "$(</run/datagrams.pid)"']);
  }
}
