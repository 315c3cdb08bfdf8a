import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { describeFinding } from '../../src/diagnosis/text/index.ts';
import { remedyOf, samplesOf } from './samples.ts';

interface Machine {
  readonly tool?: string;
  readonly chain?: string;
  readonly position?: string;
  readonly path?: string;
  readonly owners?: string;
  /** In ten seconds; NaN for a rule without a counter. */
  readonly refused: number;
  readonly more?: string;
}

/** Ten seconds of a machine whose counters were 0. */
function find({ tool = 'iptables', path = 'forward', ...rest }: Machine): Finding | undefined {
  const { chain = 'filter FORWARD', position = 'policy', owners = '', refused, more = '' } = rest;
  const place = `tool="${tool}",chain="${chain}",position="${position}"`;
  const text = `lvs_exporter_collector_last_success_timestamp_seconds{collector="firewall"} 20
    firewall_refusal_info{${place},rule="",paths="${path}",owners="${owners}"} 1
    ${Number.isNaN(refused) ? '' : `firewall_refused_packets_total{${place}} ${refused}`}
    ${more}`;
  const earlier = text.replaceAll(/(_total(?:\{[^}]*\})?) \d+/g, '$1 0').replace('} 20', '} 10');
  return diagnose(samplesOf(text), samplesOf(earlier)).find(({ id }) => id === 'packets-refused');
}

const kernel = (counter: string, value: number, family = 'ipv4') =>
  `firewall_kernel_packets_total{family="${family}",counter="${counter}"} ${value}\n`;

describe('packets-refused', () => {
  it('is critical where half of what a host forwards is refused, and names the owner', () => {
    const more = kernel('OutTransmits', 300) + kernel('OutRequests', 200) + kernel('OutForwDatagrams', 200);
    const found = find({ refused: 100, owners: 'docker,ufw', more });
    expect(found).toMatchObject({
      severity: 'critical',
      numbers: { refusedPackets: 100, refusedPerSecond: 10, refusedRatio: 0.5 },
      details: { owners: ['docker', 'ufw'], path: 'forward', position: 'policy' },
    });
    expect(remedyOf(found, 'look-at-refusal').commands).toEqual([
      'iptables -t filter -L FORWARD -n -v --line-numbers',
      "timeout 10 tcpdump -n -Q in -i any -c 40 'ip and (tcp[tcpflags] == tcp-syn or udp)'",
    ]);
  });

  it.each([
    ['forward', 150, 'Users'],
    ['forward', 149, 'Some users'],
    ['output', 149, 'Some users'],
    ['received', 150, 'Users'],
    ['received', 149, 'Some users'],
  ])('names who notices by the share: on path %s, %d beside 150', (path, refused, who) => {
    const passed = { output: 'OutRequests', received: 'InDelivers', forward: 'OutForwDatagrams' }[path] ?? '';
    const found = find({ path, refused, more: kernel('OutForwDatagrams', 0) + kernel(passed, 150) });
    expect(found && describeFinding(found).notice).toMatch(new RegExp(`^${who} notice now`));
  });

  it.each([
    ['ip6tables', 'filter FORWARD', /'ip6 and \(/],
    ['ip6tables-legacy', 'filter FORWARD', /'ip6 and \(/],
    ['nft', 'inet firewall forward', /'\(ip and .* or \(ip6 and /],
    ['nft', 'ip firewall forward', /'ip and [^6]*$/],
  ])('shows connections of the families of the chain: %s %s', (tool, chain, filter) => {
    const more = kernel('OutForwDatagrams', 200) + kernel('OutForwDatagrams', 200, 'ipv6');
    const found = find({ refused: 400, tool, chain, more });
    expect(remedyOf(found, 'look-at-refusal').commands[1]).toMatch(filter);
  });

  it('adds up the rules that a program has in one chain, such as one for each container', () => {
    const chain = 'raw PREROUTING';
    const more = (count: number, owners: string) =>
      Array.from({ length: count }, (_, index) => {
        const place = `tool="iptables",chain="${chain}",position="${index + 2}"`;
        return `firewall_refusal_info{${place},rule="-d 172.18.0.${index + 2}/32 -j DROP",paths="received",owners="${owners}"} 1
          firewall_refused_packets_total{${place}} 15\n`;
      }).join('') +
      kernel('InDelivers', 25) +
      kernel('OutForwDatagrams', 0);
    const one = { chain, position: '1', path: 'received', refused: 14 };
    expect(find({ ...one, owners: 'docker', more: more(4, 'docker') })).toMatchObject({
      numbers: { refusedPackets: 74, refusedPerSecond: 7.4 },
      details: { position: '2', owners: ['docker'] },
    });
    expect(find({ ...one, owners: '', more: more(4, '') })).toBeUndefined();
  });

  it('takes off what every host refuses once for all rules of a program, not once for each', () => {
    const chain = 'filter INPUT';
    const rules = Array.from({ length: 4 }, (_, index) => {
      const place = `tool="iptables",chain="${chain}",position="${index + 2}"`;
      return `firewall_refusal_info{${place},rule="",paths="input",owners="calico"} 1
        firewall_refused_packets_total{${place}} 100\n`;
    });
    const more = `${rules.join('')}conntrack_invalid_total{cpu="0"} 60\n${kernel('InDelivers', 100)}`;
    const found = find({ chain, position: '1', path: 'input', owners: 'calico', refused: 90, more });
    expect(found).toMatchObject({ numbers: { refusedPackets: 430 }, details: { position: '2' } });
  });

  it('counts what passes on kernels before 6.8, which count it behind the firewall', () => {
    const forward = kernel('OutForwDatagrams', 300) + kernel('OutRequests', 400);
    expect(find({ refused: 100, more: forward })?.numbers).toMatchObject({ refusedRatio: 0.25 });
    const output = { path: 'output', chain: 'filter OUTPUT', refused: 100 };
    expect(find({ ...output, more: forward })?.numbers).toMatchObject({ refusedRatio: 0.5 });
    const newer = kernel('OutForwDatagrams', 0) + kernel('OutRequests', 400) + kernel('OutTransmits', 300);
    expect(find({ ...output, more: newer })?.numbers).toMatchObject({ refusedRatio: 0.25 });
  });

  it('takes what iptables accepted where the kernel counts less, as for bridged packets', () => {
    const bridged = (packets: number) =>
      `${kernel('OutForwDatagrams', 0)}firewall_accepted_packets_total{tool="iptables",family="ipv4",path="forward"} ${packets}`;
    expect(find({ refused: 100, more: bridged(300) })?.numbers).toMatchObject({ refusedRatio: 0.25 });
    expect(find({ refused: 100, more: bridged(500) })).toBeUndefined();
  });

  it.each([
    ['iptables', 'iptables', 'ipv4'],
    ['iptables-legacy', 'iptables', 'ipv4'],
    ['ip6tables-legacy', 'ip6tables', 'ipv6'],
    ['ip6tables-legacy', 'iptables', undefined],
    ['nft', 'iptables', undefined],
  ])('finds what only crosses a bridge, by %s with bridge-nf-call-%s', (tool, setting, family) => {
    const passed = ['ipv4', 'ipv6'].flatMap((one) => [
      kernel('OutForwDatagrams', 100, one),
      kernel('InReceives', 0, one),
      kernel('InDelivers', 0, one),
    ]);
    const more = `${passed.join('')}network_setting{name="bridge.bridge-nf-call-${setting}"} 1`;
    expect(find({ tool, refused: 100, more })?.details).toMatchObject({ isBridged: family !== undefined });
  });

  it('needs more of what is sent to the host itself, without groups, broadcasts and INVALID packets', () => {
    const input = { path: 'input', chain: 'inet fw in', tool: 'nft', position: '7' };
    const passed = kernel('InDelivers', 100);
    expect(find({ ...input, refused: 99, more: passed })).toBeUndefined();
    const found = find({ ...input, refused: 150, more: passed });
    expect(found).toMatchObject({ severity: 'warning', numbers: { refusedRatio: 0.6 } });
    expect(remedyOf(found, 'look-at-refusal').commands[0]).toBe('nft -a list chain inet fw in');
    const group = 'firewall_group_packets_total{family="ipv4",to="multicast"} 60';
    expect(find({ ...input, refused: 150, more: passed + group })).toBeUndefined();
    const invalid = 'conntrack_invalid_total{cpu="0"} 60\n';
    expect(find({ ...input, refused: 150, more: passed + invalid })).toBeUndefined();
    const elsewhere = 'firewall_invalid_drop_rule_info{chain="inet fw invalid"} 1';
    const kept = find({ ...input, refused: 150, more: passed + invalid + elsewhere });
    expect(kept).toMatchObject({ severity: 'warning', numbers: { refusedPackets: 150, refusedRatio: 0.6 } });
  });

  it('is silent where little is refused, where nothing is known to pass, and where no packet gets to the chain', () => {
    const passed = kernel('OutForwDatagrams', 300) + kernel('OutRequests', 300);
    expect(find({ refused: 19, more: passed })).toBeUndefined();
    expect(find({ refused: 60, more: passed })).toBeUndefined();
    expect(find({ refused: 100 })).toBeUndefined();
    expect(find({ refused: 100, path: '', more: passed })).toBeUndefined();
  });
});

describe('packets-refused of rules without counters', () => {
  const firewalld = { tool: 'nft', chain: 'inet firewalld filter_FORWARD', position: '9', owners: 'firewalld' };
  /** Ten seconds in which 100 packets were forwarded and `refused` more of them refused. */
  const forward = (refused: number) =>
    kernel('InReceives', 100 + refused) +
    kernel('InDelivers', 0) +
    kernel('OutForwDatagrams', 100 + refused) +
    kernel('OutTransmits', 100 + refused) +
    kernel('OutRequests', refused);
  const uncounted = (machine: Omit<Machine, 'refused'>) => find({ ...machine, refused: Number.NaN });

  it('is what the kernel would have forwarded', () => {
    expect(uncounted({ ...firewalld, more: forward(300) })).toMatchObject({
      severity: 'critical',
      numbers: { refusedPackets: 300, refusedRatio: 0.75 },
      details: { isEstimated: true, owners: ['firewalld'] },
    });
    expect(uncounted({ ...firewalld, more: forward(15) })).toBeUndefined();
  });

  it('is what the kernel did not deliver, without what has another reason', () => {
    const input = { ...firewalld, chain: 'inet firewalld filter_INPUT', path: 'input' };
    const host = (more: string) =>
      `${kernel('InReceives', 500)}${kernel('InDelivers', 100)}${kernel('OutForwDatagrams', 0)}${more}`;
    expect(uncounted({ ...input, more: host('') })?.numbers).toMatchObject({ refusedPackets: 400, refusedRatio: 0.8 });
    const others = kernel('InAddrErrors', 150) + kernel('InNoRoutes', 150) + kernel('ReasmReqds', 90);
    expect(uncounted({ ...input, more: host(others) })).toBeUndefined();
    const filtered = 'network_reverse_path_filtered_total 390';
    expect(uncounted({ ...input, more: host(filtered) })).toBeUndefined();
    const director = 'ipvs_virtual_server_real_servers{protocol="tcp",address="10.0.0.1",port="80",fwmark=""} 1';
    expect(uncounted({ ...input, more: host(director) })).toBeUndefined();
  });
});
