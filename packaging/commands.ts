import type { OptionTable } from '../src/cli/command-line.ts';
import { commonOptions, diagnoseOptions, planOptions, recordOptions, serveOptions } from '../src/cli/options.ts';

/** What can be typed, for the manual page and the completion of the shell. */
export interface Command {
  /** Empty for the program without a command. */
  readonly name: string;
  /** The folder that it takes besides options. */
  readonly operand?: string;
  readonly purpose: string;
  readonly options: OptionTable;
}

export const commands: readonly Command[] = [
  {
    name: '',
    purpose: 'Serves the state of IPVS, connection tracking and keepalived as Prometheus metrics, and a status page.',
    options: serveOptions,
  },
  {
    name: 'diagnose',
    purpose: 'Says what is wrong on this machine, or will be, and what to do about it.',
    options: diagnoseOptions,
  },
  {
    name: 'plan',
    purpose:
      'Says how large the connection tracking table of a stateful hop has to be, such as that of the compute host under a director. It takes the rates that are given, or those of the director that it runs on.',
    options: planOptions,
  },
  {
    name: 'record',
    operand: 'DIR',
    purpose:
      'Writes what the exporter reads to a folder, for --replay and for bug reports. Addresses of clients are replaced and secrets removed.',
    options: recordOptions,
  },
];

/** The options that the program has only with this command. */
export function ownOptions({ name, options }: Command): OptionTable {
  if (name === '') return options;
  return Object.fromEntries(Object.entries(options).filter(([option]) => !(option in commonOptions)));
}
