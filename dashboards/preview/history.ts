import { type LabHistory, startHistory } from '../../scripts/lab-history.ts';
import { renderMade } from './made-samples.ts';
import { renderRecordedMachines } from './recorded-machines.ts';

/** A Prometheus that has data for every panel: of the lab, of other recordings, and of what is in no recording. */
export function startFullHistory(): Promise<LabHistory> {
  return startHistory(async (range) => `${await renderRecordedMachines(range)}\n${renderMade(range)}\n# EOF\n`);
}
