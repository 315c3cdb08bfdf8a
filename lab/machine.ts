import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface MachineOptions {
  /** The program of PID 1 and its arguments. None may have a blank, at which the kernel splits its command line. */
  readonly init: readonly string[];
  /** A folder of this run alone, for the machine's control socket and the kernel's messages. */
  readonly folder: string;
  /** Additional environment of the machine's program. What runs inside does not see it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What init can read, a line at a time, from its terminal tty1. */
  readonly input?: Readable;
  /** Ends the machine at once. */
  readonly signal: AbortSignal;
}

/** Runs a User Mode Linux machine until it powers off and yields the lines that its init prints. */
export async function* runMachine({
  init,
  folder,
  environment,
  input,
  signal,
}: MachineOptions): AsyncGenerator<string> {
  const [program = '', ...words] = init;
  const settings = [
    ...['rootfstype=hostfs', 'rootflags=/', 'root=98:0', 'ro', 'mem=2G', `init=${program}`],
    // The kernel's own messages go to one console, what init prints to another.
    ...['console=tty0', 'con=null', 'con0=null,fd:2', 'con1=fd:0,fd:1', 'quiet'],
    ...[`uml_dir=${folder}/`, `umid=${basename(folder)}`],
  ];
  // In a process group of its own, because the kernel runs each address space in a further process of the host.
  const machine = spawn('linux.uml', [...settings, '--', ...words], {
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  machine.stdin.on('error', () => {});
  input?.pipe(machine.stdin);
  machine.stderr.pipe(createWriteStream(join(folder, 'kernel.log')));
  const ended = once(machine, 'close');
  const kill = () => killGroup(machine);
  signal.addEventListener('abort', kill, { once: true });
  try {
    for await (const line of createInterface(machine.stdout)) yield line.trimEnd();
    await ended;
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}
