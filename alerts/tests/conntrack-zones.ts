import { alertTests, type Firing, of } from './alert-test.ts';

const zone = { zone: '4097' };
const owner = {
  'conntrack_zone_info{device="tap1a2b3c4d-5e", vm="scanner-1", project="lab"}': '1 for 2h',
};
const goThrough = ' They go through tap1a2b3c4d-5e, virtual machine scanner-1 of project lab.';
const labels = { job: 'lvs-exporter', instance: 'c1', ...zone };

/** A zone in which sources scan, on a machine that tracks up to 100,000 flows. */
function scanning(instance: string, entries: string, limit = '100000 for 2h') {
  return {
    ...of({ instance, ...zone }, { conntrack_scanning_entries: entries }),
    ...of({ instance }, { conntrack_entries_limit: limit }),
  };
}

/** A zone with a limit of its own. */
function limited(instance: string, entries: string, name = '4097') {
  return {
    ...of({ instance, zone: name }, { conntrack_zone_entries: entries }),
    ...of({ instance, ...zone }, { conntrack_zone_entries_limit: '1000 for 2h' }),
  };
}

const times = (firing: Firing) => ({ '5m45s': [], '6m': [firing], '24m45s': [firing], '25m': [] });

export const conntrackZoneTests = [
  ...alertTests('ConntrackSourceScan', {
    when: 'sources of a zone scan',
    series: {
      ...scanning('c1', '0 for 5m, 5200 for 10m, 0 for 1h'),
      ...of({ instance: 'c1', ...zone }, owner),
      ...scanning('fewer', '4800 for 2h'),
      ...scanning('unlimited', '5200 for 2h', '0 for 2h'),
    },
    expected: times({
      severity: 'warning' as const,
      labels,
      description: `Sources in zone 4097 scan through c1. Their flows hold 5.2% of the limit. To see their addresses, run lvs-exporter diagnose on that machine.${goThrough}`,
    }),
  }),
  ...alertTests('ConntrackZoneNearlyFull', {
    when: 'a zone comes close to its limit',
    series: {
      ...limited('c1', '0 for 5m, 810 for 10m, 0 for 1h'),
      ...of({ instance: 'c1', ...zone }, owner),
      ...limited('fewer', '790 for 2h'),
      ...limited('without a limit', '810 for 2h', '7'),
    },
    expected: times({
      severity: 'warning' as const,
      labels,
      description: `Zone 4097 of c1 has 81% of the flows that its limit in Open vSwitch allows. At the limit, its new connections fail.${goThrough}`,
    }),
  }),
];
