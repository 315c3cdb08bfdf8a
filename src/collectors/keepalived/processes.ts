import type { Keepalived } from '../../host/host.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { keepalivedProcessRestartsTotal, keepalivedProcessStartTimeSeconds, keepalivedProcessUp } from './metrics.ts';

export function sampleProcesses({ processes = [] }: Keepalived): Sample[] {
  return processes.flatMap(({ process, startSeconds, restarts }) => [
    sample(keepalivedProcessUp, startSeconds === undefined ? 0 : 1, { process }),
    ...(startSeconds === undefined ? [] : [sample(keepalivedProcessStartTimeSeconds, startSeconds, { process })]),
    sample(keepalivedProcessRestartsTotal, restarts, { process }),
  ]);
}
