import {
  ipvsSetting,
  ipvsVirtualServerRealServers,
  ipvsVirtualServerTraffic,
} from '../../../collectors/ipvs/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { sourceInfo } from '../../../scrape/exporter-metrics.ts';
import type { Found } from '../../finding.ts';

/** Counters that the kernel no longer adds up: the collector leaves them out. */
export function frozenCounters(readings: Readings): Found<'ipvs-counters-frozen'>[] {
  if (readings.all(ipvsVirtualServerRealServers).length === 0) return [];
  const setting = stoppedBy(readings);
  if (setting === undefined) return [];
  return [{ id: 'ipvs-counters-frozen', severity: 'info', subject: {}, numbers: {}, details: { setting } }];
}

/** An empty est_cpulist is no number, and shows in counters that are absent although netlink has them. */
function stoppedBy(readings: Readings): string | undefined {
  if (readings.value(ipvsSetting, { name: 'run_estimation' }) === 0) return 'net.ipv4.vs.run_estimation';
  const readsNetlink = readings.is(sourceInfo, { collector: 'ipvs', source: 'netlink' });
  const isCounted = readings.all(ipvsVirtualServerTraffic.connections).length > 0;
  return readsNetlink && !isCounted ? 'net.ipv4.vs.est_cpulist' : undefined;
}
