/** An instruction of a Dockerfile, with its line continuations joined. */
export interface Instruction {
  readonly keyword: string;
  /** `--from=build`: without the dashes. */
  readonly flags: Readonly<Record<string, string>>;
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Without heredocs and parser directives, which this project does not use: they are refused. */
export function parseDockerfile(text: string): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const instruction of readInstructions(text)) {
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') stages.push(startStage(instruction));
    else if (stage) stage.instructions.push(instruction);
    else throw new SyntaxError(`Expected FROM before ${instruction.keyword} in line ${instruction.line}`);
  }
  return stages;
}

function startStage({ text, line }: Instruction): Stage & { instructions: Instruction[] } {
  const [, image, name] = /^(\S+)(?: AS (\S+))?$/i.exec(text) ?? [];
  if (image === undefined) throw new SyntaxError(`Expected an image in line ${line}, got "${text}"`);
  return { image, name, instructions: [] };
}

function readInstructions(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let [pending, start] = ['', 0];
  for (const [index, row] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(row)) continue;
    if (pending === '') start = index + 1;
    pending += row.replace(/\\\s*$/, '');
    if (/\\\s*$/.test(row)) continue;
    instructions.push(readInstruction(pending, start));
    pending = '';
  }
  return instructions;
}

function readInstruction(text: string, line: number): Instruction {
  const [, keyword = '', options = '', rest = ''] = /^\s*(\S+)\s+((?:--\S+\s+)*)(.*?)\s*$/s.exec(text) ?? [];
  if (!/^[A-Z]+$/.test(keyword) || rest.includes('<<')) {
    throw new SyntaxError(`Expected a plain instruction in line ${line}, got "${text}"`);
  }
  const flags = [...options.matchAll(/--([\w-]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]);
  return { keyword, flags: Object.fromEntries(flags), text: rest, line };
}

/** `["node", "-e", "…"]`; undefined for the shell form. */
export function execForm(text: string): string[] | undefined {
  return text.startsWith('[') ? (JSON.parse(text) as string[]) : undefined;
}

/** What COPY copies, and where to. */
export function copyOperands({ text }: Instruction): { readonly sources: readonly string[]; readonly target: string } {
  const words = text.split(/\s+/);
  return { sources: words.slice(0, -1), target: words.at(-1) ?? '' };
}

/** The `KEY="value"` pairs of LABEL and ENV. */
export function pairs({ text }: Instruction): Record<string, string> {
  const found = [...text.matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S+))/g)];
  return Object.fromEntries(found.map(([, key = '', quoted, plain]) => [key, quoted ?? plain ?? '']));
}
