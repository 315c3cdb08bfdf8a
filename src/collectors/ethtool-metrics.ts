import { counter, gauge } from '../scrape/metric.ts';

export const ethtoolAllowanceExceededTotal = counter(
  'ethtool_allowance_exceeded_total',
  'Packets that EC2 queued or dropped because an allowance of the instance was exceeded: conntrack, pps, bw_in, bw_out, linklocal. ENA interfaces only.',
  ['interface', 'allowance'],
);
export const ethtoolConntrackAllowanceAvailable = gauge(
  'ethtool_conntrack_allowance_available',
  'Number of additional connections that EC2 can track for the instance. Absent before ENA driver 2.8.1.',
  ['interface'],
);
