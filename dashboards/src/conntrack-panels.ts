import { alertName } from '../../src/diagnosis/kinds/index.ts';
import { type Verdict, verdictKinds, verdicts } from '../../src/flows/classification/verdict-kinds.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { colours } from './colours.ts';
import { machineDetails, runbook, verdictsOfFindings } from './links.ts';
import type { SizedPanel } from './panel.ts';
import { own } from './query.ts';
import { type Shown, valueMapping } from './states.ts';
import { falling, rising } from './steps.ts';
import { machineColumn, table } from './table.ts';

/** What is shown where there is no connection tracking. */
export const noTable = 'No connection tracking, or it was not read';

/** A limit of 0 is none. */
export const limit = `(conntrack_entries_limit{${own}} > 0)`;
export const used = `conntrack_entries{${own}} / ${limit}`;
export const settles = `conntrack_equilibrium_entries{${own}} / ${limit}`;

/** Ten years stand for "never": a table that does not fill at the present rates is full in +Inf. */
const never = 315_360_000;
export const fullIn = `clamp_max(conntrack_full_in_seconds{${own}}, ${never})`;
export const fullInMappings = [
  valueMapping({
    0: { text: 'Full', color: colours.critical },
    [never]: { text: 'Not at this rate', color: colours.good },
  }),
];

/** What is lost because a table is full or too crowded, one rate for each counter. */
export function lossRate(counter: 'early_drop' | 'drop' | 'insert_failed' | 'chain_too_long'): string {
  return `sum without (cpu) (rate(conntrack_${counter}_total{${own}}[$__rate_interval]))`;
}

const unreplied = `conntrack_destination_unreplied_entries{${own},address!="other"}`;
const share = `${unreplied} / on (job, cluster, instance, netns) group_left () ${limit}`;
const verdict = `(conntrack_destination_verdict{${own}} == 1)`;

const machine = { ...machineColumn, links: [machineDetails('conntrack')] } as const;

export const usedSteps = rising(thresholds.conntrackUsed);
export const settlesSteps = rising(thresholds.conntrackEquilibrium);
export const fullInSteps = falling(thresholds.conntrackFullIn);

/** One row for each connection tracking table. */
export function tables(height: number): SizedPanel {
  const coloured = { width: 136, display: 'color-background' } as const;
  return table({
    title: 'Connection tracking tables',
    description:
      'Every table, the fullest first. "Settles at" is its level if flows continue to arrive as they do now: above ' +
      '100 % it fills. Pick a machine for the details.',
    width: 24,
    height,
    noValue: noTable,
    links: [
      runbook('ConntrackTableNearlyFull'),
      runbook('ConntrackEquilibriumHigh'),
      runbook('ConntrackTableFullSoon'),
    ],
    sortBy: [{ heading: 'Used' }],
    labels: [machine, { label: 'netns', heading: 'Network namespace', width: 160 }],
    columns: [
      { heading: 'Used', expr: used, unit: 'percentunit', decimals: 1, thresholds: usedSteps, ...coloured, width: 95 },
      {
        heading: 'Settles at',
        expr: settles,
        unit: 'percentunit',
        decimals: 1,
        thresholds: settlesSteps,
        ...coloured,
        width: 115,
      },
      {
        heading: 'Full in',
        expr: fullIn,
        unit: 's',
        decimals: 0,
        thresholds: fullInSteps,
        mappings: fullInMappings,
        ...coloured,
      },
      { heading: 'Entries', expr: `conntrack_entries{${own}}`, unit: 'short', width: 80 },
      { heading: 'Limit', expr: `conntrack_entries_limit{${own}}`, unit: 'short', width: 80 },
      {
        heading: 'Unreplied',
        expr: `sum without (protocol, state, replied, assured) (conntrack_table_entries{${own},replied="no"})`,
        unit: 'short',
        width: 80,
      },
      { heading: 'Evicted', expr: lossRate('early_drop'), unit: 'cps', width: 80 },
      { heading: 'Dropped', expr: lossRate('drop'), unit: 'pps', width: 80 },
    ],
  });
}

/** What is shown of each verdict, in its colour. */
export function shownVerdicts(field: 'label' | 'action' | 'meaning'): Record<Verdict, Shown> {
  const shown = verdicts.map((one) => {
    const kind = verdictKinds[one];
    return [one, { text: sentence(kind[field]), color: colours[kind.severity] }];
  });
  return Object.fromEntries(shown);
}

/** Capital letter, no more. */
function sentence(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

/** The runbook of each verdict that needs action. */
const verdictRunbooks = verdicts.flatMap((one) => {
  const { finding } = verdictKinds[one];
  return finding === undefined ? [] : [runbook(alertName(finding))];
});

/**
 * Who fills the tables.
 *
 * @param minShare of the limit: destinations with fewer unreplied flows are left out.
 */
export function destinations(title: string, height: number, minShare: number): SizedPanel {
  const notable = (vector: string) =>
    `${vector} and on (job, cluster, instance, netns, protocol, address, port, zone) (${share} >= ${minShare})`;
  const judged = notable(verdict);
  const owned = notable(`conntrack_destination_info{${own}}`);
  return table({
    title,
    description:
      `Destinations whose unreplied flows hold ${minShare * 100} % of a table or more. An unreplied flow stays ` +
      'until its timer ends: new ones per second times that time is the number of entries of a destination. The verdict shows ' +
      'why there is no reply. Virtual machine and project are known on compute nodes of OpenStack, with ' +
      '--collector.openstack.',
    width: 24,
    height,
    links: verdictRunbooks,
    noValue:
      minShare === 0
        ? 'No unreplied flows, or the table was not read'
        : `No destination holds ${minShare * 100} % of a table with unreplied flows, or none was read`,
    sortBy: [{ heading: 'Of the limit' }],
    labels: [
      machine,
      { label: 'netns', heading: 'Network namespace', width: 110 },
      { label: 'protocol', heading: 'Protocol', width: 70 },
      { label: 'address', heading: 'Address' },
      { label: 'port', heading: 'Port', width: 60 },
      { label: 'zone', heading: 'Zone', width: 57 },
    ],
    // The answer first: what does not fit on a small screen is on the right.
    columns: [
      {
        heading: 'Of the limit',
        expr: notable(`(${share})`),
        unit: 'percentunit',
        decimals: 1,
        width: 100,
        display: 'color-background',
        thresholds: rising(thresholds.conntrackDestinationShare),
      },
      {
        heading: 'What it is',
        expr: judged,
        showLabel: 'verdict',
        mappings: [valueMapping(shownVerdicts('label'))],
        width: 174,
        display: 'color-text',
      },
      {
        heading: 'What to do',
        expr: `label_replace(${judged}, "action", "$1", "verdict", "(.+)")`,
        showLabel: 'action',
        mappings: [valueMapping(shownVerdicts('action'))],
        width: 166,
        display: 'color-text',
        links: [verdictsOfFindings],
      },
      {
        heading: 'New/s',
        expr: notable(`conntrack_destination_arrivals_per_second{${own}}`),
        unit: 'short',
        decimals: 1,
        width: 72,
      },
      { heading: 'VM', expr: owned, showLabel: 'vm', width: 92 },
      { heading: 'Project', expr: owned, showLabel: 'project', width: 84 },
    ],
  });
}
