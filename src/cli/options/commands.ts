import { topOptions } from '../top/options.ts';
import type { OptionTable } from './command-line.ts';
import {
  checkOptions,
  commonOptions,
  diagnoseOptions,
  metricsOptions,
  planOptions,
  recordOptions,
  serveOptions,
} from './options.ts';

/** What can be typed, for help, the manual page and the completion of the shell. */
export interface Command {
  /** Empty for the program without a command. */
  readonly name: CommandName;
  /** The file or directory that it takes in addition to options. */
  readonly operand?: 'FILE' | 'DIR';
  readonly purpose: string;
  readonly options: OptionTable;
}

export type CommandName = '' | 'check-web-config' | 'diagnose' | 'metrics' | 'plan' | 'record' | 'top';

export const commands: readonly Command[] = [
  {
    name: '',
    purpose:
      'Exports the state of IPVS, connection tracking and keepalived as Prometheus metrics, and serves a status page.',
    options: serveOptions,
  },
  {
    name: 'check-web-config',
    operand: 'FILE',
    purpose:
      'Checks a web configuration file, its certificates and its keys, as the exporter reads them when it starts. Exits with 1 if the exporter would refuse the file.',
    options: checkOptions,
  },
  {
    name: 'diagnose',
    purpose:
      'Reports what is wrong on this machine, or soon will be, and which commands help. Exits like a check plugin of Nagios: 0 no action required, 1 warning, 2 critical, 3 unknown.',
    options: diagnoseOptions,
  },
  {
    name: 'metrics',
    purpose:
      'Prints the metrics of this machine once, or writes them to a file: for the textfile collector of node_exporter, for cron and for scripts. Metrics of the exporter process are left out.',
    options: metricsOptions,
  },
  {
    name: 'plan',
    purpose:
      'Calculates how large the connection tracking table of a stateful hop must be, such as the compute host of a director. Uses the rates that you give, or those of the director that it runs on.',
    options: planOptions,
  },
  {
    name: 'record',
    operand: 'DIR',
    purpose:
      'Writes everything that the exporter reads to a directory, for --replay and for bug reports. Addresses of clients are replaced and secrets removed.',
    options: recordOptions,
  },
  {
    name: 'top',
    purpose:
      'Shows a live view in a terminal: how full the connection tracking table is and will be, what fills it, services and real servers with their rates, and VRRP states. Press h to list its keys.',
    options: topOptions,
  },
];

/** The options that the program has only with this command. */
export function ownOptions({ name, options }: Command): OptionTable {
  if (name === '' || !takesCommonOptions({ options })) return options;
  const common: ReadonlySet<unknown> = new Set(Object.values(commonOptions));
  return Object.fromEntries(Object.entries(options).filter(([, option]) => !common.has(option)));
}

/** Whether a command reads a machine, and has the options for that. */
export function takesCommonOptions({ options }: Pick<Command, 'options'>): boolean {
  return 'path.procfs' in options;
}
