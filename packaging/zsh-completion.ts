import { type Command, commands } from '../src/cli/options/commands.ts';
import {
  type CompletedOption,
  type CompletedValue,
  completedOptions,
  completedValue,
  firstSentence,
} from './completed-options.ts';

/** The completion of the command line in zsh. */
export function zshCompletion(): string {
  const named = commands.filter(({ name }) => name !== '');
  return `#compdef lvs-exporter
# Completion of lvs-exporter(1).

_lvs_exporter() {
  local -a names options
  local word=''
  ((CURRENT == 2)) || word=$words[2]
  case $word in
${named.map(commandCase).join('\n')}
    *)
      options=(
${optionLines(commands.filter(({ name }) => name === ''))}
      )
      names=(
${named.map(({ name, purpose }) => `        ${quote(`${name}:${firstSentence(purpose)}`)}`).join('\n')}
      )
      ((CURRENT > 2)) || [[ $PREFIX == -* ]] || _describe -t commands command names
      ;;
  esac
  _arguments $options
}

_lvs_exporter "$@"
`;
}

function commandCase(command: Command): string {
  const operand = command.operand && completedValue({ placeholder: command.operand });
  return `    ${command.name})
      options=(
${optionLines([command])}${operand === undefined ? '' : `\n        ${quote(`*:${command.operand}:${action(operand)}`)}`}
        '1:command:'
      )
      ;;`;
}

function optionLines(all: readonly Command[]): string {
  const options = all.flatMap((command) => completedOptions(command.options));
  return options.map((option) => `        ${quote(specification(option))}`).join('\n');
}

/** `--name=[help]:value:action`, with what is special in it escaped. */
function specification({ name, help, value }: CompletedOption): string {
  const text = firstSentence(help).replaceAll(/[\\[\]:]/g, '\\$&');
  return value === undefined ? `--${name}[${text}]` : `--${name}=[${text}]:value:${action(value)}`;
}

function action(value: CompletedValue): string {
  if (value.kind === 'words') return `(${value.words.join(' ')})`;
  if (value.kind === 'folder') return '_files -/';
  return value.kind === 'file' ? '_files' : '';
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
