import { alertTests, of } from './alert-test.ts';

const verdicts = ['direct_return', 'syn_flood', 'unanswered', 'two_way'];

const destination = { protocol: 'tcp', address: '192.0.2.10', port: '443', zone: '7' };

/** One destination of a machine that tracks up to 100,000 flows. */
function judged(
  instance: string,
  unreplied: string,
  verdict: string,
  address = destination.address,
): Record<string, string> {
  const labels = { instance, ...destination, address };
  const states = verdicts.map((one) => [
    `conntrack_destination_verdict{verdict="${one}"}`,
    `${one === verdict ? 1 : 0} for 2h`,
  ]);
  return {
    ...of(labels, { ...Object.fromEntries(states), conntrack_destination_unreplied_entries: unreplied }),
    ...of({ instance }, { conntrack_entries_limit: '100000 for 2h' }),
  };
}

function verdictTests(alert: string, verdict: string, other: string, describe: (where: string) => string) {
  const labels = { job: 'lvs-exporter', instance: 'c1', ...destination };
  const firing = {
    severity: 'warning' as const,
    labels,
    description: `${describe('tcp 192.0.2.10 port 443 (zone 7)')} They go through tap1a2b3c4d-5e.`,
  };
  return alertTests(alert, {
    when: `destinations with the verdict ${verdict} and with others`,
    series: {
      ...judged('c1', '0 for 5m, 5200 for 10m, 0 for 1h', verdict),
      ...of({ instance: 'c1', ...destination }, { 'conntrack_destination_info{device="tap1a2b3c4d-5e"}': '1 for 2h' }),
      ...judged('fewer', '4800 for 2h', verdict),
      ...judged('different', '5200 for 2h', other),
      ...judged('crowd', '5200 for 2h', verdict, 'other'),
      ...judged('unlimited', '5200 for 2h', verdict),
      ...of({ instance: 'unlimited' }, { conntrack_entries_limit: '0 for 2h' }),
    },
    expected: {
      '5m45s': [],
      '6m': [firing],
      '24m45s': [firing],
      '25m': [],
    },
  });
}

export const conntrackDestinationTests = [
  ...verdictTests(
    'ConntrackAsymmetricFlows',
    'direct_return',
    'two_way',
    (where) => `Answers of ${where} do not come back through c1. Its unreplied flows hold 5.2% of the limit.`,
  ),
  ...verdictTests(
    'ConntrackSynFlood',
    'syn_flood',
    'direct_return',
    (where) => `${where} gets a SYN flood through c1. Its flows hold 5.2% of the limit.`,
  ),
  ...verdictTests(
    'ConntrackUnansweredFlows',
    'unanswered',
    'syn_flood',
    (where) => `Nothing comes back from ${where} through c1. Its unreplied flows hold 5.2% of the limit.`,
  ),
];
