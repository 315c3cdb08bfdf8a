import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

interface State {
  readonly state: 'ESTABLISHED' | 'TIME_WAIT' | 'CLOSE_WAIT' | 'SYN_RECV';
  readonly presentSeconds: number;
  readonly wantedSeconds: number;
}

const states: readonly State[] = [
  { state: 'ESTABLISHED', presentSeconds: 432_000, wantedSeconds: 7440 },
  { state: 'TIME_WAIT', presentSeconds: 120, wantedSeconds: 30 },
  { state: 'CLOSE_WAIT', presentSeconds: 3600, wantedSeconds: 60 },
  { state: 'SYN_RECV', presentSeconds: 60, wantedSeconds: 20 },
];

const of = (state: string) => `net.netfilter.nf_conntrack_tcp_timeout_${state.toLowerCase()}`;

function find({ state, presentSeconds }: State) {
  const dead = 'protocol="tcp",address="198.51.100.10",port="5432",zone="0"';
  const verdict = state === 'ESTABLISHED' ? `conntrack_destination_verdict{${dead},verdict="dead_connections"} 1` : '';
  const [finding] = diagnose(
    samplesOf(`conntrack_entries 900
      conntrack_entries_limit 1000
      conntrack_timeout_seconds{protocol="tcp",state="${state.toLowerCase()}"} ${presentSeconds}
      conntrack_destination_entries{${dead}} 800
      ${verdict}
      conntrack_table_entries{protocol="tcp",state="${state}",replied="yes"} 850
      conntrack_table_entries{protocol="udp",state="",replied="no"} 50`),
  );
  return remedyOf(finding, 'state-timer');
}

it('is not offered for open connections in use', () => {
  const [finding] = diagnose(
    samplesOf(`conntrack_entries 900
      conntrack_entries_limit 1000
      conntrack_timeout_seconds{protocol="tcp",state="established"} 432000
      conntrack_table_entries{protocol="tcp",state="ESTABLISHED",replied="yes"} 850`),
  );
  expect(finding?.remedies.map(({ id }) => id)).not.toContain('state-timer');
});

const offered = (text: string) => {
  const [finding] = diagnose(samplesOf(`conntrack_entries 900\nconntrack_entries_limit 1000\n${text}`));
  return finding?.remedies.find(({ id }) => id === 'state-timer')?.commands;
};
const update = (state: string, seconds: number) =>
  ['ipv4', 'ipv6'].map(
    (family) => `conntrack -U -f ${family} -p tcp --state ${state} -t ${seconds} >/dev/null || true`,
  );

it.each([
  [
    'assured UDP flows',
    `conntrack_table_entries{protocol="udp",state="",replied="yes",assured="yes"} 800
    conntrack_timeout_seconds{protocol="udp",state=""} 30
    conntrack_timeout_seconds{protocol="udp",state="stream"} 7200`,
    ['sysctl -w net.netfilter.nf_conntrack_udp_timeout_stream=120'],
  ],
  [
    'a protocol without a timer of its own',
    `conntrack_table_entries{protocol="50",state="",replied="no",assured="no"} 800
    conntrack_timeout_seconds{protocol="generic",state=""} 600`,
    ['sysctl -w net.netfilter.nf_conntrack_generic_timeout=120'],
  ],
  [
    'open connections without traffic, of many destinations',
    `conntrack_table_entries{protocol="tcp",state="ESTABLISHED",replied="yes",assured="yes"} 800
    conntrack_state_idle_entries{protocol="tcp",state="ESTABLISHED"} 700
    conntrack_timeout_seconds{protocol="tcp",state="established"} 432000`,
    ['sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=7440', ...update('ESTABLISHED', 7440)],
  ],
  [
    'entries from when their timer was longer',
    `conntrack_table_entries{protocol="tcp",state="CLOSE_WAIT",replied="yes",assured="yes"} 800
    conntrack_state_longest_left_seconds{protocol="tcp",state="CLOSE_WAIT"} 3500
    conntrack_timeout_seconds{protocol="tcp",state="close_wait"} 60`,
    update('CLOSE_WAIT', 60),
  ],
])('is offered for %s', (_what, text, commands) => {
  expect(offered(text)).toEqual(commands);
});

it.each([
  [
    'entries that leave within their timer',
    `conntrack_table_entries{protocol="tcp",state="CLOSE_WAIT",replied="yes",assured="yes"} 800
    conntrack_state_longest_left_seconds{protocol="tcp",state="CLOSE_WAIT"} 59
    conntrack_timeout_seconds{protocol="tcp",state="close_wait"} 60`,
  ],
  [
    'open connections of which few are silent',
    `conntrack_table_entries{protocol="tcp",state="ESTABLISHED",replied="yes",assured="yes"} 800
    conntrack_state_idle_entries{protocol="tcp",state="ESTABLISHED"} 300
    conntrack_timeout_seconds{protocol="tcp",state="established"} 432000`,
  ],
])('is not offered for %s', (_what, text) => {
  expect(offered(text)).toBeUndefined();
});

describe.each(['ipv4', 'ipv6'] as const)('the timer of a state, with %s', neededByHop, (family) => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('timer', family);
  });
  afterAll(() => hop.end());

  it.each(states)('of $state', async (of_) => {
    const { state, presentSeconds, wantedSeconds } = of_;
    hop.run('hop', `sysctl -qw ${of(state)}=${presentSeconds}`);
    const setting = () => Number(hop.run('hop', `sysctl -n ${of(state)}`));
    const remedy = find(of_);
    hop.type(remedy.commands);
    expect(setting()).toBe(wantedSeconds);
    await expect.poll(() => hop.request(hop.addresses.server, serverPort, 9)).toBe(9);
    hop.type(remedy.verify);
    hop.type(isNone(remedy.undo) ? [] : remedy.undo);
    expect(setting()).toBe(presentSeconds);
  });

  it('CLOSE_WAIT entries that were given an hour leave, and connections go on', () => {
    const { client, server } = hop.addresses;
    hop.run(
      'hop',
      `conntrack -I -p tcp -s ${client} -d ${server} --sport 9 --dport 8081 --state CLOSE_WAIT -u ASSURED,SEEN_REPLY -t 3500`,
    );
    hop.type(update('CLOSE_WAIT', 60));
    const left = hop.list('-p tcp --dport 8081').map((line) => Number(line.split(/\s+/)[2]));
    expect(left).toEqual([expect.closeTo(60, -2)]);
    expect(left[0]).toBeLessThan(70);
    expect(hop.request(server, serverPort, 9)).toBe(9);
  });

  it('entries that were given five days leave after two hours', () => {
    const { client, server } = hop.addresses;
    hop.run(
      'hop',
      `conntrack -I -p tcp -s ${client} -d ${server} --sport 9 --dport 5432 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t 400000`,
    );
    const left = () => hop.list('-p tcp --dport 5432').map((line) => Number(line.split(/\s+/)[2]));
    expect(left()).toEqual([expect.closeTo(400_000, -2)]);
    hop.type(find({ state: 'ESTABLISHED', presentSeconds: 432_000, wantedSeconds: 7440 }).commands);
    expect(left()).toEqual([expect.closeTo(7440, -2)]);
  });
});
