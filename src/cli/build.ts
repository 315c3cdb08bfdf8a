import { readFileSync } from 'node:fs';
import { buildInfo } from '../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../scrape/metric.ts';

/** What is running. */
export interface Build {
  readonly version: string;
  /** The commit it was built from, or `unknown`. */
  readonly revision: string;
  readonly nodeVersion: string;
}

/** @param program the URL of the program's main file. */
export function readBuild(program: string, nodeVersion: string): Build {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', program), 'utf8'));
  return { version, revision: readRevision(program), nodeVersion };
}

/** Written by `npm run build`. */
function readRevision(program: string): string {
  try {
    return readFileSync(new URL('revision', program), 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

export function buildSample({ version, revision, nodeVersion }: Build): Sample {
  return sample(buildInfo, 1, { version, revision, node_version: nodeVersion });
}
