import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { samplesOf } from './samples.ts';

const at = (seconds: number) =>
  ['firewall', 'conntrack']
    .map((name) => `lvs_exporter_collector_last_success_timestamp_seconds{collector="${name}"} ${seconds}`)
    .join('\n');

/** What is found after ten seconds in which counters rise from one text to the other. */
function find(id: string, before: string, after: string, same = '') {
  return diagnose(samplesOf(at(1010), after, same), samplesOf(at(1000), before, same)).filter((one) => one.id === id);
}

describe('a limit for a destination', () => {
  const place = 'tool="nft",chain="inet lvs_limit prerouting",position="4"';
  const target = 'protocol="tcp",address="198.51.100.10",port="80"';
  const limit = `firewall_connection_limit_connections{${place},${target}} 100`;
  const refused = (packets: number) => `firewall_connection_limit_packets_total{${place}} ${packets}`;
  const entries = (count: number) => `conntrack_destination_entries{${target},zone="0"} ${count}`;

  it.each([
    ['refuses', 'warning', 30, 100],
    ['idle', 'info', 10, 100],
    ['idle', 'info', 10, 120],
    ['exceeded', 'warning', 10, 121],
  ])('%s', (effect, severity, packets, count) => {
    expect(find('connection-limit', refused(10), refused(packets), `${limit}\n${entries(count)}`)).toMatchObject([
      { severity, details: { effect }, subject: { destination: { address: '198.51.100.10' } } },
    ]);
  });
});

describe('a NOTRACK rule behind a stateful firewall', () => {
  const target = 'protocol="tcp",address="198.51.100.10",port="80"';
  const rule = `firewall_notrack_rule_info{chain="raw PREROUTING",${target}} 1`;
  const packets = (count: number) => `firewall_notrack_packets_total{chain="raw PREROUTING",${target}} ${count}`;
  const dropping = 'firewall_forward_drops_untracked_info{tool="iptables",chain="filter FORWARD"} 1';
  const drops = (after: number, ...more: readonly string[]) =>
    find('notrack-dropped', packets(5), packets(after), [rule, ...more].join('\n')).map(({ severity }) => severity);

  it('is critical while packets pass it', () => {
    expect(drops(25, dropping)).toEqual(['critical']);
  });

  it.each([
    ['without packets', 5, [dropping]],
    ['of a firewall that accepts exempted packets', 25, []],
    ['for an address of this host', 25, [dropping, 'prerequisites_own_address_info{address="198.51.100.10"} 1']],
  ])('is not one %s', (_which, after, more) => {
    expect(drops(after, ...more)).toEqual([]);
  });
});

describe('a NOTRACK rule with entries left', () => {
  const remaining = (address: string, ...more: readonly string[]) =>
    find(
      'not-tracked',
      '',
      '',
      `firewall_notrack_rule_info{chain="raw PREROUTING",protocol="tcp",address="${address}",port="80"} 1
      conntrack_destination_entries{protocol="tcp",address="198.51.100.10",port="80",zone="0"} 9
      ${more.join('\n')}`,
    ).flatMap(({ remedies }) => remedies.map(({ id }) => id));

  it('offers to remove them', () => {
    expect(remaining('198.51.100.10')).toEqual(['remove-tracked-entries']);
  });

  it('does not if they are open connections of SYNPROXY, or of any address', () => {
    expect(remaining('198.51.100.10', 'firewall_synproxy_rule_info{chain="filter INPUT"} 1')).toEqual([]);
    expect(remaining('')).toEqual([]);
  });
});

describe('INVALID packets that no destination explains', () => {
  const invalid = (count: number) => `conntrack_invalid_total{cpu="0"} ${count}`;
  const chain = 'firewall_forward_drops_invalid_info{tool="nft",chain="inet t f"} 1';
  const dropped = (rise: number, loose: number, arrivals: number, ...more: readonly string[]) =>
    find(
      'unknown-connections-dropped',
      invalid(0),
      invalid(rise),
      [
        `conntrack_setting{name="tcp_loose"} ${loose}`,
        `conntrack_arrivals_per_second{protocol="tcp",replied="yes"} ${arrivals}`,
        ...more,
      ].join('\n'),
    ).map(({ severity, remedies }) => [severity, remedies[0]?.id]);

  it.each([
    [1, 10, 200, ['warning', 'look-at-invalid']],
    [0, 10, 100, ['critical', 'pick-up-connections']],
  ])('are dropped packets of unknown connections (tcp_loose %i)', (loose, arrivals, rise, expected) => {
    expect(dropped(rise, loose, arrivals, chain)).toEqual([expected]);
    expect(dropped(rise - 1, loose, arrivals, chain)).toEqual([]);
  });

  it('are some late packets where they are few, and no fault where nothing drops them', () => {
    expect(dropped(49, 0, 0, chain)).toEqual([]);
    expect(dropped(500, 0, 0)).toEqual([]);
  });

  it('belong to a destination whose replies bypass this host', () => {
    const destination = 'protocol="tcp",address="198.51.100.10",port="80",zone="0"';
    const verdict = `conntrack_destination_entries{${destination}} 9
      conntrack_destination_verdict{${destination},verdict="direct_return"} 1`;
    expect(dropped(500, 0, 0, chain, verdict)).toEqual([]);
  });
});
