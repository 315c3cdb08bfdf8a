import { verdicts } from '../../src/flows/classification/verdict-kinds.ts';
import { alertTests, of } from './alert-test.ts';

const destination = { protocol: 'tcp', address: '192.0.2.10', port: '443', zone: '7' };

type Counted = 'conntrack_destination_unreplied_entries' | 'conntrack_destination_entries';

/** One destination of a machine that tracks up to 100,000 flows. */
function judged(
  counted: Counted,
  instance: string,
  entries: string,
  verdict: string,
  address = destination.address,
): Record<string, string> {
  const labels = { instance, ...destination, address };
  const states = verdicts.map((one) => [
    `conntrack_destination_verdict{verdict="${one}"}`,
    `${one === verdict ? 1 : 0} for 2h`,
  ]);
  return {
    ...of(labels, { ...Object.fromEntries(states), [counted]: entries }),
    ...of({ instance }, { conntrack_entries_limit: '100000 for 2h' }),
  };
}

interface Sizes {
  readonly counted?: Counted;
  /** Entries with which it fires, and with which it does not yet. */
  readonly enough?: number;
  readonly fewer?: number;
}

function verdictTests(
  alert: string,
  verdict: string,
  other: string,
  describe: (where: string) => string,
  { counted = 'conntrack_destination_unreplied_entries', enough = 5200, fewer = 4800 }: Sizes = {},
) {
  const labels = { job: 'lvs-exporter', instance: 'c1', ...destination };
  const firing = {
    severity: 'warning' as const,
    labels,
    description: `${describe('tcp 192.0.2.10:443 in zone 7')} They go through tap1a2b3c4d-5e.`,
  };
  return alertTests(alert, {
    when: `destinations with the verdict ${verdict} and with others`,
    series: {
      ...judged(counted, 'c1', `0 for 5m, ${enough} for 10m, 0 for 1h`, verdict),
      ...of({ instance: 'c1', ...destination }, { 'conntrack_destination_info{device="tap1a2b3c4d-5e"}': '1 for 2h' }),
      ...judged(counted, 'fewer', `${fewer} for 2h`, verdict),
      ...judged(counted, 'different', `${enough} for 2h`, other),
      ...judged(counted, 'crowd', `${enough} for 2h`, verdict, 'other'),
      ...judged(counted, 'unlimited', `${enough} for 2h`, verdict),
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
    (where) => `The replies of ${where} bypass c1 (direct server return). Its unreplied flows hold 5.2% of the limit.`,
  ),
  ...verdictTests(
    'ConntrackSynFlood',
    'syn_flood',
    'direct_return',
    (where) => `${where} receives a SYN flood through c1. Its flows hold 5.2% of the limit.`,
  ),
  ...verdictTests(
    'ConntrackUnansweredFlows',
    'unanswered',
    'syn_flood',
    (where) => `No reply from ${where} comes back through c1. Its unreplied flows hold 5.2% of the limit.`,
  ),
  ...verdictTests(
    'ConntrackUnansweredNatFlows',
    'unanswered_nat',
    'unanswered',
    (where) =>
      `${where} is translated (NAT) by c1, and no reply comes back. Its unreplied flows hold 5.2% of the limit.`,
  ),
  ...verdictTests(
    'ConntrackAnsweredSynFlood',
    'answered_syn_flood',
    'syn_flood',
    (where) => `${where} answers a SYN flood through c1. Its flows hold 5.2% of the limit.`,
    { counted: 'conntrack_destination_entries' },
  ),
  ...verdictTests(
    'ConntrackDeadConnections',
    'dead_connections',
    'two_way',
    (where) =>
      `Most flows to ${where} through c1 had no packet for a day or half of their timeout. They hold 25.2% of the limit.`,
    { counted: 'conntrack_destination_entries', enough: 25_200, fewer: 24_800 },
  ),
];
