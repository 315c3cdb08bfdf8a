import { constants } from 'node:os';
import { openMachine } from '../open-machine.ts';
import type { TopConfig } from './config.ts';
import { openTopSource } from './source.ts';
import { openTerminal, type TerminalEvents } from './terminal.ts';
import { runTop } from './top.ts';

/** The live view in the terminal of a process. However it ends, the terminal is as it was. */
export async function runTopHere(config: TopConfig, here: NodeJS.Process): Promise<void> {
  const { stdin, stdout } = here;
  if (!stdin.isTTY || !stdout.isTTY) throw new Error('Command "top" needs a terminal; use "diagnose" or "metrics"');
  const source = await openTopSource(config, () => openMachine(config));
  const stopped = new AbortController();
  const open = (events: TerminalEvents) => {
    const terminal = openTerminal(stdin, stdout, events);
    here.on('exit', terminal.close).on('uncaughtExceptionMonitor', terminal.close);
    here.on('SIGCONT', terminal.reset);
    return terminal;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    here.once(signal, () => {
      here.exitCode = 128 + constants.signals[signal];
      stopped.abort();
    });
  }
  await runTop({ ...config, source, openTerminal: open, now: Date.now, signal: stopped.signal });
  // A reading that hangs does not delay the end.
  here.exit();
}
