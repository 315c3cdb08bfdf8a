import { repository } from './folders.ts';
import type { Node } from './node.ts';

export function startNginx(server: Node): void {
  server.start('nginx', ['-c', `${repository}/lab/etc/nginx.conf`]);
}

/** Its port refuses connections from then on. */
export async function stopNginx(server: Node): Promise<void> {
  await server.run('bash', ['-c', 'kill "$(</run/nginx.pid)"']);
}
