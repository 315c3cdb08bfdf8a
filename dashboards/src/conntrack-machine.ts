import { destinationVerdict } from '../../src/collectors/conntrack-table/metrics.ts';
import { verdicts } from '../../src/flows/classification/verdict-kinds.ts';
import { colours } from './colours.ts';
import { destinations, fullInSteps, lossRate, noTable, shownVerdicts } from './conntrack-panels.ts';
import { runbook } from './links.ts';
import { own, range } from './query.ts';
import { stateTimeline } from './state-timeline.ts';
import { stateMappings, stateNumber } from './states.ts';
import { timeSeries } from './time-series.ts';

const half = { width: 12, height: 9 } as const;
const third = { width: 8, height: 8 } as const;

const limitLine = { name: /^Limit/, colour: colours.limit, dashed: true, apart: true };
const limitQuery = range(`conntrack_entries_limit{${own}} > 0`, 'Limit {{netns}}');

const arrivals = (replied: 'yes' | 'no') =>
  `sum without (protocol, replied) (conntrack_arrivals_per_second{${own},replied="${replied}"})`;
const allArrivals = `sum without (protocol, replied) (conntrack_arrivals_per_second{${own}})`;
const growth = `deriv(conntrack_entries{${own}}[$__rate_interval])`;
const entriesByState = (replied: 'yes' | 'no') =>
  `sum without (replied, assured) (conntrack_table_entries{${own},replied="${replied}"}) > 0`;
const invalid = `sum without (cpu) (rate(conntrack_invalid_total{${own}}[$__rate_interval]))`;

const destinationName = '{{protocol}} {{address}} {{port}}';

/** All of one table. */
export const machinePanels = [
  timeSeries({
    ...half,
    title: 'Entries, limit, and where it settles',
    description:
      'The table settles at the dashed orange line: new flows per second times the time that each of them stays. If ' +
      'it is above the limit, the table fills. "Expired" entries still count until the kernel removes them.',
    unit: 'short',
    noValue: noTable,
    queries: [
      range(`conntrack_entries{${own}}`, 'Entries {{netns}}'),
      limitQuery,
      range(`conntrack_equilibrium_entries{${own}}`, 'Settles at {{netns}}'),
      range(`conntrack_expired_entries{${own}}`, 'Expired {{netns}}'),
    ],
    lines: [
      { name: /^Entries/, colour: colours.used },
      limitLine,
      { name: /^Settles/, colour: colours.equilibrium, dashed: true },
      { name: /^Expired/, colour: colours.unknown },
    ],
    links: [runbook('ConntrackTableNearlyFull'), runbook('ConntrackEquilibriumHigh')],
  }),
  timeSeries({
    ...half,
    title: 'Unreplied flows by destination, against the limit',
    description:
      'Flows of which this machine sees only one direction. A destination that grows towards the limit is the one to ' +
      'exempt from tracking, or to filter. The table below has the verdict on each.',
    unit: 'short',
    stacked: true,
    noValue: noTable,
    queries: [
      range(`sum without (zone) (conntrack_destination_unreplied_entries{${own}}) > 0`, destinationName),
      limitQuery,
    ],
    lines: [limitLine],
    links: [runbook('ConntrackAsymmetricFlows')],
  }),
  timeSeries({
    ...third,
    title: 'Full in',
    description: 'Time until the table is full at the present rates. No line: it does not fill.',
    unit: 's',
    queries: [range(`conntrack_full_in_seconds{${own}} < Inf`, 'Full in {{netns}}')],
    lines: [{ name: /^Full/, colour: colours.equilibrium }],
    thresholds: fullInSteps,
    noValue: 'Does not fill at the present rates, or was not read',
    links: [runbook('ConntrackTableFullSoon')],
  }),
  timeSeries({
    ...third,
    title: 'Evicted, dropped, refused',
    description:
      'All 0 on a healthy machine. Evicted: the table was full and the kernel removed unreplied flows, without a ' +
      'log line. Dropped: there was nothing to evict. Refused: a hash chain was too long; more buckets help.',
    unit: 'cps',
    noValue: noTable,
    queries: [
      range(lossRate('early_drop'), 'Evicted flows {{netns}}'),
      range(lossRate('drop'), 'Dropped packets {{netns}}'),
      range(lossRate('insert_failed'), 'Failed insertions {{netns}}'),
      range(lossRate('chain_too_long'), 'Refused, chain too long {{netns}}'),
    ],
    lines: [
      { name: /^Evicted/, colour: colours.evicted },
      { name: /^Dropped/, colour: colours.lost },
      { name: /^Failed/, colour: colours.passing },
      { name: /^Refused/, colour: colours.neutral },
    ],
    links: [
      runbook('ConntrackTableEvicting'),
      runbook('ConntrackTableDropping'),
      runbook('ConntrackInsertFailing'),
      runbook('ConntrackChainTooLong'),
    ],
  }),
  timeSeries({
    ...third,
    title: 'Unreplied flows by state',
    description:
      'SYN_SENT: a client that asked. Any other TCP state without a reply: a connection that continues although this ' +
      'machine sees one direction alone.',
    unit: 'short',
    stacked: true,
    queries: [range(entriesByState('no'), '{{protocol}} {{state}} {{netns}}')],
    noValue: 'No unreplied flows, or the table was not read',
  }),
  timeSeries({
    ...third,
    title: 'Arrivals against expiry',
    description:
      'While more flows arrive than leave, the table grows. Those leaving are what arrives less what it grows by. ' +
      'Flows with a reply are counted as they end.',
    unit: 'cps',
    stacked: true,
    noValue: noTable,
    queries: [
      range(arrivals('no'), 'New, unreplied {{netns}}'),
      range(arrivals('yes'), 'New, replied {{netns}}'),
      range(`clamp_min(${allArrivals} - ${growth}, 0)`, 'Leaving {{netns}}'),
    ],
    lines: [
      { name: /unreplied/, colour: colours.unreplied },
      { name: /, replied/, colour: colours.replied },
      { name: /^Leaving/, colour: colours.leaving, dashed: true, apart: true },
    ],
  }),
  timeSeries({
    ...third,
    title: 'INVALID against new flows',
    description:
      'The earliest sign of direct server return. A client whose replies bypass this machine continues, and each packet ' +
      'after its SYN is INVALID: two or more for each new flow. Without answers there are none.',
    unit: 'pps',
    noValue: noTable,
    queries: [range(invalid, 'INVALID packets {{netns}}'), range(arrivals('no'), 'New, unreplied {{netns}}')],
    lines: [
      { name: /^INVALID/, colour: colours.lost },
      { name: /^New/, colour: colours.unreplied },
    ],
    links: [runbook('ConntrackAsymmetricFlows')],
  }),
  timeSeries({
    ...third,
    title: 'Replied flows by state',
    description: 'Flows of which this machine sees both directions. TIME_WAIT and CLOSE leave by themselves.',
    unit: 'short',
    stacked: true,
    queries: [range(entriesByState('yes'), '{{protocol}} {{state}} {{netns}}')],
    noValue: 'No replied flows, or the table was not read',
  }),
  destinations('Destinations', 6, 0),
  stateTimeline({
    title: 'What the destinations are',
    description: 'The verdict on each destination that holds 1 % of the table or more, over time.',
    width: 24,
    height: 5,
    queries: [range(stateNumber(destinationVerdict.name, own, 'verdict', verdicts), destinationName)],
    mappings: stateMappings(verdicts, { text: 'Unknown', color: colours.unknown }, shownVerdicts('meaning')),
    noValue: 'No destination holds a notable part of the table, or it was not read',
  }),
];
