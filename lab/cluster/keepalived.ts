import { readFile } from 'node:fs/promises';
import { logFolder, repository } from './folders.ts';
import type { Node } from './node.ts';

const file = `${repository}/lab/etc/keepalived.conf`;

export function startKeepalived(director: Node): void {
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

/**
 * Ends every process of it at once, the children first: they would give the VIP back when the parent ends. In between
 * nothing else may run, or the parent starts another child that outlives it: hence the real-time priority, which on the one
 * processor of the lab's kernel keeps all others waiting. None is stopped before, for the kernel may hang up on a process
 * group with stopped processes, and the driver is in it.
 *
 * PID 1 of a node does not reap them as that of a machine would, and keepalived takes a dead one that a pid file names for
 * one that runs.
 */
export async function killKeepalived(director: Node): Promise<void> {
  const script = `
    parent=$(</run/keepalived.pid)
    chrt --fifo 50 bash -c 'kill -KILL "$@"' kill $(pgrep --parent $parent) $parent
    rm --force /run/{keepalived,vrrp,checkers}.pid`;
  await director.run('bash', ['-c', script]);
}

export async function reloadKeepalived(director: Node): Promise<void> {
  await director.run('bash', ['-c', 'kill -HUP "$(</run/keepalived.pid)"']);
}

/** While the work is done, the web instance of a director has another line in its configuration. */
export async function withConfigurationLine<Result>(
  director: Node,
  line: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const changed = '/tmp/keepalived.conf';
  const text = await readFile(file, 'utf8');
  await director.run('tee', [changed], text.replace(/^vrrp_instance web \{$/m, `$&\n  ${line}`));
  await director.run('mount', ['--bind', changed, file]);
  await reloadKeepalived(director);
  try {
    return await work();
  } finally {
    await director.run('umount', [file]);
    await reloadKeepalived(director);
  }
}

/** What keepalived of a director logged that fits a pattern with the flag g. */
export async function findLogged(director: Node, pattern: RegExp): Promise<readonly string[]> {
  const log = await readFile(`${logFolder}/${director.name}-keepalived.log`, 'utf8');
  return log.match(pattern) ?? [];
}

/** Whether the kernel has the VIP on the director's interface. This makes a director the master, whatever keepalived claims. */
export async function holdsAddress(director: Node, address: string): Promise<boolean> {
  return (await director.run('ip', ['-oneline', 'address', 'show', 'to', address])) !== '';
}

/** The pid file of each. */
const pidFiles = { vrrp: '/run/vrrp.pid', checker: '/run/checkers.pid' } as const;
export type KeepalivedProcess = keyof typeof pidFiles;

/**
 * Kills a process of keepalived each 0.3 s, as a fault in it does, until the returned function is called. keepalived
 * starts it again, each time later than before.
 */
export function crashAgainAndAgain(director: Node, process: KeepalivedProcess): () => Promise<void> {
  const flag = `/tmp/crashing-${process}`;
  const script = 'touch "$0"; while [ -e "$0" ]; do [ -s "$1" ] && kill -SEGV "$(<"$1")" 2>/dev/null; sleep 0.3; done';
  const loop = director.run('bash', ['-c', script, flag, pidFiles[process]]).catch(() => undefined);
  return async () => {
    await director.run('rm', ['--force', flag]);
    await loop;
  };
}
