import { describeOptions } from './command-line.ts';
import { type Command, type CommandName, commands, ownOptions, takesCommonOptions } from './commands.ts';

/** What `--help` prints: of the program and the names of its commands, or of one command alone. */
export function helpText(name: CommandName = ''): string {
  const shown = commands.filter((command) => command.name === name);
  const others = commands.filter((command) => name === '' && command.name !== '');
  return [
    `${[...shown, ...others].map(usage).join('\n')}\n`,
    ...shown.map(formatCommand),
    ...(name === '' ? [`Commands:\n${others.map(mention).join('\n')}\n`] : []),
    ...(name !== '' && shown.some(takesCommonOptions) ? [commonHint] : []),
  ].join('\n');
}

const commonHint = 'The options for collectors, paths and logs apply too. To list them, run "lvs-exporter --help".\n';

function usage({ name, operand }: Command, index: number): string {
  return [index === 0 ? 'Usage:' : '      ', 'lvs-exporter', name, operand, '[OPTION]...'].filter(Boolean).join(' ');
}

function formatCommand(command: Command): string {
  return `${command.purpose}\n\nOptions:\n${describeOptions(ownOptions(command))}\n`;
}

function mention({ name, purpose }: Command): string {
  return `  ${name}\n      ${purpose}`;
}
