import { render } from '../http/exposition.ts';
import { type Build, buildSample } from './build.ts';
import { observeHere, type ProgressOutput } from './observe-here.ts';
import { openMachine } from './open-machine.ts';
import type { MetricsConfig } from './options/config.ts';

/** Reads everything once. Resolves to what a scrape would get of the collectors. */
export async function readMetrics(config: MetricsConfig, build: Build, progress: ProgressOutput): Promise<string> {
  const { now } = await observeHere(config, config.collectors, () => openMachine(config), progress);
  return await render([buildSample(build), ...now], 'text');
}
