import { thresholds } from '../../src/identity/thresholds.ts';
import { buildInfo } from '../../src/scrape/exporter-metrics.ts';
import { largest } from './choice.ts';
import { destinations, noTable, settles, settlesSteps, tables, used, usedSteps } from './conntrack-panels.ts';
import { createDashboard } from './dashboard.ts';
import { connectionsOfServices } from './ipvs-panels.ts';
import { details, runbook } from './links.ts';
import { tiles } from './overview-tiles.ts';
import { machineName } from './short-names.ts';
import { timeSeries } from './time-series.ts';
import { vrrpTimeline } from './vrrp.ts';

const limitRatio = { unit: 'percentunit', width: 12, height: 8 } as const;

const whatFills = [
  timeSeries({
    ...limitRatio,
    title: 'Used, of the limit',
    description: `Entries of each connection tracking table over its limit. At 100 % the kernel evicts and drops.`,
    queries: [largest(used, `${machineName} {{netns}}`)],
    thresholds: usedSteps,
    noValue: noTable,
    links: [details('conntrack'), runbook('ConntrackTableNearlyFull')],
  }),
  timeSeries({
    ...limitRatio,
    title: 'Where it settles, of the limit',
    description:
      'Level at which each table settles if flows continue to arrive as they do now, minutes in advance. Above 100 % it ' +
      `fills.`,
    queries: [largest(settles, `${machineName} {{netns}}`)],
    thresholds: settlesSteps,
    noValue: 'No machine whose table can be read',
    links: [details('conntrack'), runbook('ConntrackEquilibriumHigh'), runbook('ConntrackEquilibriumRising')],
  }),
  tables(6),
];

const directors = { width: 12, height: 8 } as const;

/** The one to keep open. */
export const overview = createDashboard({
  uid: 'overview',
  title: 'LVS overview',
  description: 'Is anything wrong, what will be full and when, and who causes it.',
  tags: [],
  machinesWith: buildInfo.name,
  rows: [
    { title: 'Is anything wrong?', panels: tiles },
    { title: 'What will be full, and when?', panels: whatFills },
    {
      title: 'Who causes it?',
      panels: [destinations('Destinations that fill tables', 5, thresholds.conntrackDestinationShare.warning)],
    },
    {
      title: 'Directors',
      panels: [vrrpTimeline({ ...directors, links: [details('keepalived')] }), connectionsOfServices(directors)],
    },
  ],
});
