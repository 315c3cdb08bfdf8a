import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { recordAsMachines } from './demo-machines.ts';

export const repository = join(import.meta.dirname, '..');

/**
 * Makes the folder that one run writes to and reads its programs from, so that runs at the same time, and tests of
 * dist/, do not meet.
 */
export function makeRunFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-lab-'));
  try {
    buildExporter(join(folder, 'dist'));
    bundlePrograms(folder);
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw new Error('Cannot build what runs in the lab', { cause: error });
  }
}

/** init.sh mounts this build over the repository's own, so that the exporter finds its dependencies. */
function buildExporter(directory: string): void {
  mkdirSync(join(repository, 'dist'), { recursive: true });
  const compiler = join(repository, 'node_modules', '.bin', 'tsc');
  const words = ['-p', join(repository, 'tsconfig.build.json'), '--outDir', directory];
  execFileSync(compiler, words, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** One file each: every file that node opens costs time inside. */
function bundlePrograms(directory: string): void {
  buildSync({
    entryPoints: ['driver.ts', 'load.ts', 'sync-sender.ts', 'ipvs-cost.ts'].map((name) =>
      join(import.meta.dirname, name),
    ),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', sourcemap: 'inline', logLevel: 'warning' },
  });
}

/** Puts what a boot logged aside, for the next one of the same run. */
export function putLogsAside(folder: string, boot: number): void {
  const logs = logFolder(folder, boot);
  if (existsSync(join(folder, 'logs'))) renameSync(join(folder, 'logs'), logs);
  else mkdirSync(logs);
  renameSync(join(folder, 'kernel.log'), join(logs, 'kernel.log'));
}

/** Whether there was such a boot, the first of which is 1. */
export function hasLogs(folder: string, boot: number): boolean {
  return existsSync(logFolder(folder, boot));
}

function logFolder(folder: string, boot: number): string {
  return join(folder, `logs-${boot}`);
}

/** The folders of recordings that a run may write, and those of test/fixtures that they take the place of. */
const kinds = { recording: 'lab', demo: 'demo' } as const;

/** Brings the recordings of a run, if it made any, into the repository's fixtures, in place of earlier ones. */
export function keepRecordings(folder: string): readonly string[] {
  return Object.entries(kinds).flatMap(([made, name]) => {
    if (!existsSync(join(folder, made))) return [];
    const fixtures = join(repository, 'test', 'fixtures', name);
    for (const node of readdirSync(join(folder, made))) {
      rmSync(join(fixtures, node), { recursive: true, force: true });
    }
    cpSync(join(folder, made), fixtures, { recursive: true });
    if (made === 'demo') recordAsMachines(fixtures);
    return [fixtures];
  });
}

/** Brings the story that a run wrote, if it did, into docs/. */
export function keepStory(folder: string): string | undefined {
  const written = join(folder, 'story.md');
  if (!existsSync(written)) return undefined;
  const kept = join(repository, 'docs', 'story.md');
  cpSync(written, kept);
  return kept;
}
