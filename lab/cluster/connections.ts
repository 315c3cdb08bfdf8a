import type { Cluster } from '../lab.ts';
import { connectBySctp } from './sctp.ts';

/** Answers one datagram. */
const answerer = `
  const socket = require('node:dgram').createSocket('udp6');
  socket.once('message', (text, { port, address }) => socket.send(text, port, address, () => socket.close()));
  socket.bind(53)`;

/** Ends when both have answered. The answerer may take its time to start. */
const asker = `
  const [vip, vip6, outside, outside6] = process.argv.slice(1);
  require('node:http').get({ host: vip, port: 8080, localAddress: outside }, (response) => response.resume());
  const socket = require('node:dgram').createSocket('udp6');
  socket.bind(0, outside6);
  const asking = setInterval(() => socket.send('?', 53, vip6), 200);
  socket.once('message', () => { clearInterval(asking); socket.close(); })`;

/**
 * Makes connections from client to the VIP and to each of shelf's services but that without real servers: to port 80 over
 * IPv4 and IPv6 they last, UDP is not answered, two are by masquerading, and the real servers refuse all others.
 */
export async function connectToServices({ node, vip, shelf }: Cluster): Promise<void> {
  const [client, rs2] = [node('client'), node('rs2')];
  const script = `
    exec 3<>/dev/tcp/${vip}/80 4<>/dev/tcp/${shelf.vip}/80 5<>/dev/tcp/${shelf.vip6}/80
    for packet in 1 2 3; do echo >/dev/udp/${shelf.vip}/53; echo >/dev/udp/${shelf.vip}/5060; done
    for service in ${shelf.vip}/{22,88,443,8443} ${shelf.vip6}/88; do (exec 6<>/dev/tcp/$service); done
    exec sleep 300`;
  client.start('bash', ['-c', script]);
  rs2.start(process.execPath, ['-e', answerer]);
  await client.run(process.execPath, ['-e', asker, shelf.vip, shelf.vip6, shelf.outside, shelf.outside6]);
  await connectBySctp(client, { address: shelf.vip, port: 3868 });
}
