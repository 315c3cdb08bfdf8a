import { isInContext } from './build-context.ts';
import { copyOperands, execForm, type Instruction, type Stage } from './dockerfile.ts';

/** What is wrong with a Dockerfile, by the rules of hadolint that matter here and some of our own. */
export function lintDockerfile(stages: readonly Stage[], allowed: readonly string[]): string[] {
  const last = stages.at(-1);
  if (!last) return ['there is no stage'];
  return [...stages.flatMap((stage, index) => lintStage(stage, stages.slice(0, index), allowed)), ...lintFinal(last)];
}

function lintStage(stage: Stage, earlier: readonly Stage[], allowed: readonly string[]): string[] {
  const isEarlier = (name: string | undefined) => earlier.some((one) => one.name === name);
  const base = isEarlier(stage.image) || /:(?!latest)\S*\d/.test(stage.image) ? [] : [`${stage.image} is not pinned`];
  return [...base, ...stage.instructions.flatMap((one) => lintInstruction(one, isEarlier, allowed))];
}

function lintInstruction(
  instruction: Instruction,
  isEarlier: (stage: string | undefined) => boolean,
  allowed: readonly string[],
): string[] {
  const { keyword, text, line } = instruction;
  switch (keyword) {
    case 'ADD':
    case 'MAINTAINER':
      return [`line ${line}: ${keyword}`];
    case 'COPY':
      return lintCopy(instruction, isEarlier, allowed).map((problem) => `line ${line}: ${problem}`);
    case 'RUN':
      return lintRun(text).map((problem) => `line ${line}: ${problem}`);
    case 'WORKDIR':
      return text.startsWith('/') ? [] : [`line ${line}: WORKDIR is relative`];
    case 'CMD':
    case 'ENTRYPOINT':
      return execForm(text) ? [] : [`line ${line}: ${keyword} in shell form, which gets no signals`];
    default:
      return [];
  }
}

function lintCopy(
  instruction: Instruction,
  isEarlier: (stage: string | undefined) => boolean,
  allowed: readonly string[],
): string[] {
  const { from } = instruction.flags;
  const { sources, target } = copyOperands(instruction);
  const several = sources.length > 1 && !target.endsWith('/') ? ['several sources and no folder'] : [];
  if (from !== undefined) return isEarlier(from) ? several : [...several, `there is no stage ${from}`];
  const ignored = sources.filter((source) => !isInContext(source, allowed));
  return [...several, ...ignored.map((source) => `.dockerignore leaves out ${source}`)];
}

function lintRun(text: string): string[] {
  return [
    ...(/\bapt-get install\b/.test(text) && !/rm -rf? \/var\/lib\/apt\/lists/.test(text) ? ['apt lists stay'] : []),
    ...(/\bapt-get install\b/.test(text) && !/--no-install-recommends/.test(text) ? ['recommended packages'] : []),
    ...(/\bnpm (i|install)\b/.test(text) ? ['npm install instead of npm ci'] : []),
    ...(/\b(sudo|curl|wget)\b/.test(text) ? ['a download or sudo'] : []),
    ...(/\bcd\b/.test(text) ? ['cd instead of WORKDIR'] : []),
  ];
}

function lintFinal({ instructions }: Stage): string[] {
  const texts = (keyword: string) => instructions.filter((one) => one.keyword === keyword).map(({ text }) => text);
  const user = texts('USER').at(-1);
  const once = ['ENTRYPOINT', 'HEALTHCHECK', 'STOPSIGNAL', 'EXPOSE'].filter((keyword) => texts(keyword).length !== 1);
  return [
    // A number: otherwise, Kubernetes cannot verify that it is not root.
    ...(user !== undefined && /^[1-9]\d*(:[1-9]\d*)?$/.test(user) ? [] : [`USER is ${user}`]),
    ...once.map((keyword) => `${keyword} is not there once`),
  ];
}
