import { scanSchedule } from '../../identity/scan-interval.ts';
import type { Collector } from '../../scrape/collector.ts';
import { compareWithKernel } from '../keepalived-checkers/kernel-comparison.ts';
import { ipvsComparisonMetrics } from '../keepalived-checkers/metrics.ts';

/**
 * Asks keepalived for new dumps: the one thing that this program does to another. Everything else that is reported
 * keepalived is read from what it has written.
 */
export const keepalivedDumps: Collector = {
  name: 'keepalived-dumps',
  help: "Signals keepalived to write new dumps, and fails if it does not. Compares the state of its checkers with the kernel's IPVS table.",
  schedule: scanSchedule,
  metrics: ipvsComparisonMetrics,
  async collect(host) {
    return await compareWithKernel(host, keepalivedDumps.name, () => host.requestDumps());
  },
};
