import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, realpath, stat, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../scripts/executable.ts';
import { parseAllowedPaths } from './build-context.ts';
import { copyOperands, execForm, type Instruction, pairs, parseDockerfile, type Stage } from './dockerfile.ts';

const run = promisify(execFile);

export interface Image {
  /** Its file tree. */
  readonly root: string;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
  /** `65532:65532` */
  readonly user: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stopSignal: string;
}

/** Of the base image, what the final stage and the exporter use. Everything else is what the Dockerfile brings along. */
const basePrograms = ['node', 'sh', 'env', 'cat', 'ln', 'chmod'];

/**
 * Makes the image of the Dockerfile in `folder`, without an engine. The base image is made of the programs of this
 * machine and their libraries. Stages before the last are built outside of their file trees, by this machine's npm.
 */
export async function buildImage(folder: string): Promise<Image> {
  const allowed = parseAllowedPaths(await readFile('.dockerignore', 'utf8'));
  const stages = parseDockerfile(await readFile('Dockerfile', 'utf8'));
  const context = join(folder, 'context');
  for (const path of allowed) await cp(path, join(context, path), { recursive: true });
  const built: Built[] = [];
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, `stage-${index}`);
    const isFinal = index === stages.length - 1;
    if (isFinal) await makeBase(root);
    built.push(await buildStage(stage, { root, isFinal, context, built }));
  }
  return describeImage(built.at(-1), stages.at(-1)?.instructions ?? []);
}

interface Built {
  readonly name: string | undefined;
  readonly root: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Place {
  readonly root: string;
  readonly isFinal: boolean;
  readonly context: string;
  readonly built: readonly Built[];
}

async function makeBase(root: string): Promise<void> {
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await symlink('usr/bin', join(root, 'bin'));
  for (const program of basePrograms) {
    const path = findProgram(program) ?? '';
    await install(path, root, `/usr/bin/${program}`);
    const { stdout: libraries } = await run('ldd', [path]);
    for (const [library] of libraries.matchAll(/\/\S+/g)) await install(library, root, library);
  }
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await mkdir(join(root, 'tmp'));
}

async function install(source: string, root: string, target: string): Promise<void> {
  await cp(await realpath(source), join(root, target), { recursive: true });
}

async function buildStage({ name, instructions }: Stage, place: Place): Promise<Built> {
  let workingDirectory = '/';
  let environment: Record<string, string> = {};
  for (const instruction of instructions) {
    const { keyword, text } = instruction;
    if (keyword === 'WORKDIR') {
      workingDirectory = resolve(workingDirectory, text);
      await mkdir(join(place.root, workingDirectory), { recursive: true });
    }
    if (keyword === 'ENV' || keyword === 'ARG') environment = { ...environment, ...pairs(instruction) };
    if (keyword === 'COPY') await copy(instruction, workingDirectory, place);
    if (keyword === 'RUN') await runShell(text, workingDirectory, environment, place);
  }
  return { name, root: place.root, workingDirectory, environment };
}

/** Of a folder its contents are copied, of a file the file: into the target where that is a folder. */
async function copy(
  instruction: Instruction,
  workingDirectory: string,
  { root, context, built }: Place,
): Promise<void> {
  const { sources, target } = copyOperands(instruction);
  const from = built.find(({ name }) => name !== undefined && name === instruction.flags.from)?.root ?? context;
  for (const source of sources) {
    const path = join(from, source);
    const into = join(root, resolve(workingDirectory, target));
    const isFile = (await stat(path)).isFile();
    await cp(path, isFile && /[./]$/.test(target) ? join(into, basename(source)) : into, {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}

async function runShell(
  command: string,
  workingDirectory: string,
  environment: Readonly<Record<string, string>>,
  { root, isFinal }: Place,
): Promise<void> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...environment, npm_config_prefer_offline: 'true', npm_config_audit: 'false' };
  const inside = ['chroot', root, '/bin/sh', '-c', `cd ${workingDirectory} && ${command}`];
  const [program = '', ...words] = isFinal ? inside : ['sh', '-c', command];
  await run(program, words, { env, cwd: isFinal ? '/' : join(root, workingDirectory) }).catch((failed) => {
    throw new Error(`Cannot run ${command}: ${failed.stdout}${failed.stderr}`);
  });
}

function describeImage(built: Built | undefined, instructions: readonly Instruction[]): Image {
  if (!built) throw new Error('Expected the Dockerfile to have a stage');
  const text = (keyword: string) => instructions.findLast((one) => one.keyword === keyword)?.text ?? '';
  return {
    root: built.root,
    entrypoint: execForm(text('ENTRYPOINT')) ?? [],
    healthcheck: execForm(text('HEALTHCHECK').replace(/^.*?CMD /, '')) ?? [],
    user: text('USER'),
    workingDirectory: built.workingDirectory,
    environment: built.environment,
    stopSignal: text('STOPSIGNAL'),
  };
}
