import { repository } from './folders.ts';
import type { Node } from './node.ts';

export function startKeepalived(director: Node): void {
  const file = `${repository}/lab/etc/keepalived.conf`;
  director.start('keepalived', [
    '--dont-fork',
    '--no-syslog',
    '--log-console',
    '--log-detail',
    `--config-id=${director.name}`,
    `--use-file=${file}`,
  ]);
}

/** As an operator would: keepalived resigns with an advertisement of priority 0 before it ends. */
export async function stopKeepalived(director: Node): Promise<void> {
  await director.run('bash', ['-c', 'kill "$(</run/keepalived.pid)"']);
}

/** Whether the kernel has the VIP on the director's interface: what makes a director the master, whoever claims it. */
export async function holdsAddress(director: Node, address: string): Promise<boolean> {
  return (await director.run('ip', ['-oneline', 'address', 'show', 'to', address])) !== '';
}
