import { expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { remedyOf, samplesOf } from './samples.ts';

const table = (synSent: number, seconds: number, entries = 900) => `conntrack_entries ${entries}
  conntrack_entries_limit 1000
  conntrack_timeout_seconds{protocol="tcp",state="syn_sent"} ${seconds}
  conntrack_table_entries{protocol="tcp",state="SYN_SENT",replied="no"} ${synSent}
  conntrack_table_entries{protocol="tcp",state="SYN_RECV",replied="yes"} ${entries - synSent}`;

const find = (text: string) => diagnose(samplesOf(text)).find(({ id }) => id === 'timers-without-entries');

it('a shortened timer that no entry uses is named, and the default comes back', () => {
  const finding = find(table(0, 20));
  expect(finding).toMatchObject({
    severity: 'info',
    details: { timers: [{ presentSeconds: 20, defaultSeconds: 120 }] },
  });
  expect(remedyOf(finding, 'default-timers').commands).toEqual([
    'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_syn_sent=120',
  ]);
});

it.each([
  ['few entries because it is short', table(10, 20)],
  ['the default', table(0, 120)],
  ['a table with room', table(0, 20, 90)],
])('%s is no fault', (_, text) => {
  expect(find(text)).toBeUndefined();
});
