import { conntrackEntries } from '../../src/collectors/conntrack-metrics.ts';
import { largest } from './choice.ts';
import { colours } from './colours.ts';
import { holderPanels } from './conntrack-holders.ts';
import { machinePanels } from './conntrack-machine.ts';
import { tables } from './conntrack-panels.ts';
import { scanPanels, settingPanels } from './conntrack-settings.ts';
import { createDashboard } from './dashboard.ts';
import { fullest, fullestTitle, ofRow } from './fullest.ts';
import { runbook } from './links.ts';
import { own } from './query.ts';
import { machineName } from './short-names.ts';
import { timeSeries } from './time-series.ts';

const trendPanels = [
  timeSeries({
    title: 'Low point of the day, and peak of the week',
    description:
      'A low point that rises day by day is a leak: flows that never leave. A peak that rises is growth. Needs the ' +
      'recording rules of alerts/ and a week of history.',
    width: 24,
    height: 8,
    unit: 'short',
    queries: [
      largest(`instance:conntrack_entries:quantile10_1d{${own}}`, `Low, ${machineName} {{netns}}`),
      largest(`instance:conntrack_entries:max7d{${own}}`, `Peak, ${machineName} {{netns}}`),
      largest(`conntrack_entries_limit{${own}} > 0`, `Limit, ${machineName} {{netns}}`),
    ],
    lines: [{ name: /^Limit/, colour: colours.limit, dashed: true }],
    noValue: 'No machine with connection tracking, or the rules of alerts/ are not loaded',
    links: [runbook('ConntrackTableLeaking'), runbook('ConntrackPeakGrowing'), runbook('ConntrackHeadroomLow')],
  }),
];

/** One table after the other: where it goes, and because of whom. */
export const conntrack = createDashboard({
  uid: 'conntrack',
  title: 'LVS conntrack and asymmetry',
  description:
    'Connection tracking tables: how full, where they settle, who fills them, what is lost. The five fullest of the ' +
    'instances that you pick have rows of their own.',
  tags: ['conntrack'],
  machinesWith: conntrackEntries.name,
  variables: [fullest],
  rows: [
    { title: 'All tables', panels: [tables(6)] },
    { title: fullestTitle, panels: ofRow(machinePanels), repeat: fullest.name },
    {
      title: `${fullestTitle}, who holds the table`,
      panels: ofRow(holderPanels),
      repeat: fullest.name,
      collapsed: true,
    },
    { title: 'Trend over days', panels: trendPanels, collapsed: true },
    { title: 'Settings and hash table', panels: settingPanels, collapsed: true },
    { title: 'How the tables were read', panels: scanPanels, collapsed: true },
  ],
});
