import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../scripts/executable.ts';

/**
 * Refuses to start a program that no suite of the file declares with needs(): where it is missing, the suite would be red.
 * What a shell starts, or another program, is not seen, but for `ip netns exec`.
 */

/** What a machine with Node.js, npm and git has: coreutils, dash, findutils, git, grep, sed. */
const always = new Set(
  `cat chmod chown chroot cp cut date dirname env false find git grep head kill ln ls md5sum mkdir mkfifo mktemp mv nice node npm
  npx readlink rm sed sh sha256sum sleep sort stat stty tail tee test timeout touch tr true wc xargs`.split(/\s+/),
);

const declared = new Set<string>();

/** Takes what the suites of this file may start. */
export function declarePrograms(names: readonly string[]): void {
  for (const name of names) declared.add(name);
}

for (const name of ['execFile', 'execFileSync', 'spawn', 'spawnSync'] as const) {
  const original = childProcess[name] as Start;
  const guarded = guard(original);
  const promised: Start | undefined = Reflect.get(original, promisify.custom);
  if (promised !== undefined) Object.defineProperty(guarded, promisify.custom, { value: guard(promised) });
  Reflect.set(childProcess, name, guarded);
}
syncBuiltinESMExports();

type Start = (...words: readonly unknown[]) => unknown;

function guard(start: Start): Start {
  return (...words) => {
    refuseUndeclared(words);
    return start(...words);
  };
}

function refuseUndeclared([command, parameters]: readonly unknown[]): void {
  const undeclared = programsOf(command, parameters).find((name) => !isFree(name));
  if (undeclared === undefined || isAllowedTo()) return;
  throw new Error(`A suite that starts ${undeclared} declares it: needs('${undeclared}')`);
}

function programsOf(command: unknown, parameters: unknown): string[] {
  const program = basename(String(command));
  if (program !== 'ip' || !Array.isArray(parameters)) return [program];
  const [object, verb, , inside] = parameters.map(String);
  return object === 'netns' && verb === 'exec' && inside !== undefined ? [program, basename(inside)] : [program];
}

/** A program that is nowhere is one that a test wants to be missing. */
function isFree(name: string): boolean {
  if (always.has(name) || declared.has(name)) return true;
  const file = findProgram(name);
  return file === undefined || file.includes('/node_modules/');
}

/** The program itself does without what is missing, and needs() asks whether it is. */
function isAllowedTo(): boolean {
  return /\/src\/|\/test\/needed-/.test(new Error().stack ?? '');
}
