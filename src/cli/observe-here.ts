import type { Host } from '../host/host.ts';
import { makeVisible } from '../identity/visible.ts';
import type { Collector } from '../scrape/collector.ts';
import { type Observation, observeEither } from './observe.ts';
import type { ObservationConfig } from './options/machine-config.ts';

/** Where progress is shown, if it is a terminal. */
export type ProgressOutput = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** Observes a machine or a recording, and shows what it waits for. */
export async function observeHere(
  config: ObservationConfig,
  collectors: readonly Collector[],
  openHost: () => Host,
  progress: ProgressOutput,
): Promise<Observation> {
  // Writes over the line that is there. Network namespaces have names of their own.
  const onProgress = (doing: string) => {
    if (progress.isTTY) progress.write(`\r\u001b[K${makeVisible(doing)}`);
  };
  const observation = await observeEither(config, collectors, openHost, onProgress);
  onProgress('');
  return observation;
}
