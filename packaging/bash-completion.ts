import type { OptionTable } from '../src/cli/options/command-line.ts';
import { type Command, commands } from '../src/cli/options/commands.ts';
import type { AnyOption } from '../src/cli/options/option.ts';
import { serveOptions } from '../src/cli/options/options.ts';
import { completedValue } from './completed-options.ts';

/** The completion of the command line in bash, which needs nothing but bash. */
export function bashCompletion(): string {
  const named = commands.filter(({ name }) => name !== '');
  const all = Object.assign({}, ...commands.map(({ options }) => options)) as OptionTable;
  return `# Completion of lvs-exporter(1).
_lvs_exporter() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} option='' words
  # bash takes --option=value apart at the equals sign.
  if [[ $current == = ]]; then
    option=$before current=''
  elif [[ $before == = ]]; then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $option in
${valueCases(all).join('\n')}
    -*) return ;;
  esac
  case \${COMP_WORDS[1]} in
${named.map(commandCase).join('\n')}
    *) words='${typedOptions(serveOptions).join(' ')}' ;;
  esac
  ((COMP_CWORD > 1)) || words+=' ${named.map(({ name }) => name).join(' ')}'
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  [[ \${COMPREPLY[0]} != *= ]] || compopt -o nospace
}
complete -F _lvs_exporter lvs-exporter
`;
}

function commandCase({ name, operand, options }: Command): string {
  const add = operand === undefined ? '' : `; compopt -o ${operand === 'DIR' ? 'plusdirs' : 'default'}`;
  return `    ${name}) words='${typedOptions(options).join(' ')}'${add} ;;`;
}

function typedOptions(options: OptionTable): string[] {
  return Object.entries(options).flatMap(([name, { placeholder, fallback }]) => {
    if (placeholder !== '') return [`--${name}=`];
    return fallback === true ? [`--${name}`, `--no-${name}`] : [`--${name}`];
  });
}

/** A branch for each way of completing a value. */
function valueCases(options: OptionTable): string[] {
  const byAction = new Map<string, string[]>();
  for (const [name, option] of Object.entries(options)) {
    const action = valueAction(option);
    if (action !== undefined) byAction.set(action, [...(byAction.get(action) ?? []), `--${name}`]);
  }
  return [...byAction].map(
    ([action, names]) => `    ${names.join(' | ')})
      mapfile -t COMPREPLY < <(compgen ${action} -- "$current")
      ${action.startsWith('-W') ? '' : 'compopt -o filenames\n      '}return
      ;;`,
  );
}

function valueAction(option: AnyOption): string | undefined {
  const value = completedValue(option);
  if (value.kind === 'folder') return '-d';
  if (value.kind === 'file') return '-f';
  return value.kind === 'words' ? `-W '${value.words.join(' ')}'` : undefined;
}
