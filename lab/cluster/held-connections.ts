import type { Node } from './node.ts';

export const heldPort = 9000;

/** nginx would end connections without a request after 60 s. Ends with the last connection. */
const listener = `
  require('node:net')
    .createServer((socket) => socket.resume())
    .once('connection', function () { this.unref(); })
    .listen(${heldPort})`;

/** The listener may take its time to start. */
const connector = `
  echo $$ >/run/held-connections.pid
  for ((i = 0; i < $1; i++)); do
    until exec {connection}<>"/dev/tcp/$0/${heldPort}"; do sleep 0.2; done
  done
  exec sleep infinity`;

/** Opens connections that stay open and idle, of a kind that both sides of a bridge are seen of, while the work is done. */
export async function withHeldConnections<Result>(
  { client, server, count }: { client: Node; server: Node; count: number },
  work: () => Promise<Result>,
): Promise<Result> {
  server.start(process.execPath, ['-e', listener]);
  client.start('bash', ['-c', connector, server.address, String(count)]);
  try {
    return await work();
  } finally {
    await client.run('bash', ['-c', 'kill "$(</run/held-connections.pid)"']);
  }
}
