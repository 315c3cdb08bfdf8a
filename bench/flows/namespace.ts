import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RateSegment } from './schedule.ts';

/** A network namespace that tracks what is sent in it, and a sender there. */
export interface Laboratory {
  /** Its file, for readers of netlink. */
  readonly namespace: string;
  set(name: string, value: number): void;
  /** Starts a sender, see flows-sender.ts. Its connections are counted from 0. */
  send(kind: SenderKind, schedule: readonly RateSegment[], flows?: number): Sender;
}

export type SenderKind =
  | 'syn'
  | 'answered'
  | 'connection'
  | 'half-closed'
  | 'closed'
  | 'kept'
  | 'pinged'
  | 'tunnelled'
  | 'encrypted';

export interface Sender {
  /** Connections begun up to the end of each second. */
  readonly begun: readonly number[];
}

const tracking = 'table inet track { chain out { type filter hook output priority 0; ct state new counter accept; }; }';

/** Makes the namespace, lends it to `use`, and removes it with whatever runs in it. */
export async function withLaboratory(name: string, use: (laboratory: Laboratory) => Promise<void>): Promise<void> {
  const namespace = `lvs-bench-${process.pid}-${name}`;
  const inside = (...command: string[]) => execFileSync('ip', ['netns', 'exec', namespace, ...command]);
  const senders: ChildProcess[] = [];
  execFileSync('ip', ['netns', 'add', namespace]);
  try {
    // Everything goes to the loopback interface and is dropped there, as it is for none of this machine's addresses.
    inside('ip', 'link', 'set', 'lo', 'up');
    inside('ip', 'route', 'add', 'default', 'dev', 'lo');
    inside('nft', tracking);
    await use({
      namespace: `/run/netns/${namespace}`,
      set: (setting, value) => inside('sysctl', '-q', '-w', `net.netfilter.${setting}=${value}`),
      send(kind, schedule, flows = Number.POSITIVE_INFINITY) {
        const { child, sender } = startSender(namespace, kind, schedule, flows);
        senders.push(child);
        return sender;
      },
    });
  } finally {
    for (const child of senders) child.kill();
    execFileSync('ip', ['netns', 'delete', namespace]);
  }
}

function startSender(namespace: string, kind: string, schedule: readonly RateSegment[], flows: number) {
  const script = fileURLToPath(new URL('sender.ts', import.meta.url));
  const node = [process.execPath, '--import', 'tsx', script, kind, JSON.stringify(schedule), String(flows)];
  const child = spawn('ip', ['netns', 'exec', namespace, ...node], { stdio: ['ignore', 'pipe', 'inherit'] });
  const begun: number[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => begun.push(Number(line)));
  return { child, sender: { begun } };
}
