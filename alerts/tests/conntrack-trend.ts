import { alertTests, of } from './alert-test.ts';

const c1 = { job: 'lvs-exporter', instance: 'c1' };

/** A machine that is scraped each two minutes, to save time, for up to five days. */
function over(instance: string, entries: string, limit = '100000 for 120h'): Record<string, string> {
  return of({ instance }, { conntrack_entries: entries, conntrack_entries_limit: limit });
}

const leaking = (time: string) =>
  `The connection tracking table of c1 will be full in about ${time} if the number of long-lived flows continues to grow.`;
const growing = (time: string, where = 'c1') =>
  `The peak of the connection tracking table of ${where} will reach the limit in about ${time} if it continues to grow as in the last three days.`;
const headroom = 'The limit of c1 is 1.493 times its peak of the last seven days.';

/** Days are evaluated each twenty minutes, to save time. */
const days = { scrapeSeconds: 120, evaluationSeconds: 1200 };

export const conntrackTrendTests = [
  ...alertTests('ConntrackTableLeaking', {
    when: 'flows accumulate from the 40th hour on, and the table is flushed 36 hours later',
    ...days,
    evaluationSeconds: 600,
    series: {
      ...over('c1', '20000 for 40h, 20000 to 45200 for 36h, 20000 for 12h'),
      ...over('slower', '20000 for 40h, 20000 to 41240 for 36h, 20000 for 12h'),
      ...over('new', 'nothing for 40h, 20000 to 92000 for 24h, gone for 20h'),
      ...over('rises-once', '20000 for 40h, 70000 for 46h'),
    },
    expected: {
      '62h': [],
      '73h30m': [],
      '73h50m': [{ severity: 'warning', labels: c1, description: leaking('3d 8h 27m 8s') }],
      '81h40m': [{ severity: 'warning', labels: c1, description: leaking('3d 6h 27m 8s') }],
      '82h': [],
    },
  }),
  ...alertTests('ConntrackPeakGrowing', {
    when: 'the peak grows for days, and the limit is raised',
    ...days,
    series: {
      ...over('c1', '30000 to 40120 for 44h, 40120 to 61400 for 76h', '100000 for 84h, 200000 for 36h'),
      ...over('c2', '32400 to 58800 for 120h', '100000 for 84h, 200000 for 36h'),
      ...over('slower', '32000 to 51600 for 98h, 51600 for 22h'),
      ...over('in-one-step', '20000 for 40h, 70000 for 80h'),
    },
    expected: {
      '80h': [],
      '80h20m': [{ severity: 'warning', labels: c1, description: growing('8d 23h 40m 54s') }],
      '81h20m': [
        { severity: 'warning', labels: c1, description: growing('8d 21h 10m 55s') },
        { severity: 'warning', labels: { ...c1, instance: 'c2' }, description: growing('9d 9h 56m 21s', 'c2') },
      ],
      '107h40m': [
        { severity: 'warning', labels: c1, description: growing('8d 15h 27m 51s') },
        { severity: 'warning', labels: { ...c1, instance: 'c2' }, description: growing('9d 7h 36m 21s', 'c2') },
      ],
      '108h20m': [],
    },
  }),
  ...alertTests('ConntrackHeadroomLow', {
    when: 'a peak leaves little room, and the limit is raised',
    scrapeSeconds: 240,
    series: {
      ...over('c1', '20000 for 1h, 67000 for 4m, 20000 for 10h', '100000 for 3h, 200000 for 10h'),
      ...over('enough', '20000 for 1h, 66000 for 4m, 20000 for 10h'),
      ...over('unlimited', '20000 for 1h, 67000 for 4m, 20000 for 10h', '0 for 10h'),
    },
    expected: {
      '1h58m': [],
      '2h': [{ severity: 'info', labels: c1, description: headroom }],
      '3h58m': [{ severity: 'info', labels: c1, description: headroom }],
      '4h': [],
    },
  }),
];
