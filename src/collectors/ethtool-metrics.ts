import { counter, gauge } from '../scrape/metric.ts';

export const ethtoolAllowanceExceededTotal = counter(
  'ethtool_allowance_exceeded_total',
  'Packets that the network of EC2 queued or dropped beyond an allowance of the instance: conntrack, pps, bw_in, bw_out, linklocal. ENA interfaces only.',
  ['interface', 'allowance'],
);
export const ethtoolConntrackAllowanceAvailable = gauge(
  'ethtool_conntrack_allowance_available',
  'Number of further connections that the network of EC2 can track for the instance. Absent before ENA driver 2.8.1.',
  ['interface'],
);
