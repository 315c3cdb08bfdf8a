import { type Command, commands } from '../src/cli/options/commands.ts';
import {
  type CompletedOption,
  type CompletedValue,
  completedOptions,
  completedValue,
  firstSentence,
} from './completed-options.ts';

/** The completion of the command line in fish. */
export function fishCompletion(): string {
  const named = commands.filter(({ name }) => name !== '');
  const names = named.map(({ name }) => name).join(' ');
  const lines = commands.flatMap((command) => {
    const condition = command.name === '' ? `not __fish_seen_subcommand_from ${names}` : seen(command);
    return completedOptions(command.options).map((option) => optionLine(condition, option));
  });
  return `# Completion of lvs-exporter(1).
complete -c lvs-exporter -f
${named.map((command) => commandLine(command, names)).join('\n')}
${named.flatMap(operandLine).join('\n')}
${lines.join('\n')}
`;
}

function seen({ name }: Command): string {
  return `__fish_seen_subcommand_from ${name}`;
}

function commandLine({ name, purpose }: Command, names: string): string {
  const condition = `test (count (commandline -opc)) -eq 1; and not __fish_seen_subcommand_from ${names}`;
  return `complete -c lvs-exporter -n ${quote(condition)} -a ${name} -d ${quote(firstSentence(purpose))}`;
}

function operandLine(command: Command): string[] {
  if (command.operand === undefined) return [];
  const condition = `${seen(command)}; and not string match -q -- '-*' (commandline -ct)`;
  return [
    `complete -c lvs-exporter -n ${quote(condition)} ${valueWords(completedValue({ placeholder: command.operand }))}`,
  ];
}

function optionLine(condition: string, { name, help, value }: CompletedOption): string {
  const takes = value === undefined ? '' : ` -r ${valueWords(value)}`;
  return `complete -c lvs-exporter -n ${quote(condition)} -l ${name}${takes} -d ${quote(firstSentence(help))}`;
}

function valueWords(value: CompletedValue): string {
  if (value.kind === 'words') return `-f -a ${quote(value.words.join(' '))}`;
  if (value.kind === 'folder') return `-f -a '(__fish_complete_directories)'`;
  return value.kind === 'file' ? '-F' : '-f';
}

/** In fish a quoted text has two escapes. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
