import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { describeFinding } from '../../../src/diagnosis/text/index.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const seconds = (at: number) =>
  samplesOf(`lvs_exporter_collector_last_success_timestamp_seconds{collector="firewall"} ${at}`);

/** Ten seconds in which a rule refused so many packets. */
function find(source: string, owner: string, refused: number, more = '', chain = 'f2b-sshd'): Finding | undefined {
  const place = `tool="iptables",chain="filter ${chain}",position="1"`;
  const at = (packets: number) =>
    samplesOf(`firewall_refused_source_info{${place},matches="-s ${source}",owner="${owner}",source="${source}"} 1
      firewall_refused_source_packets_total{${place}} ${packets}
      ${more}`);
  return diagnose([...seconds(20), ...at(refused)], [...seconds(10), ...at(0)]).find(
    ({ id }) => id === 'source-refused',
  );
}

describe('source-refused', () => {
  const server = 'virtual_address="203.0.113.9",virtual_port="80",protocol="tcp",real_port="80",forward="direct"';
  const peer = 'instance_name="a",interface="eth0",vrid="1",family="ipv4"';

  it.each([
    ['10.0.0.5', `ipvs_real_server_weight{${server},real_address="10.0.0.5"} 1`, 'real server'],
    ['198.51.100.5', `ipvs_real_server_weight{${server},real_address="198.51.100.5"} 1`, 'real server'],
    ['198.51.100.5', `keepalived_vrrp_unicast_peer_reachable{${peer},peer="198.51.100.5"} 1`, 'peer'],
    ['100.64.0.0/10', '', 'shared network'],
  ])('is about %s with %j, the %s', (source, more, role) => {
    expect(find(source, 'fail2ban', 20, more)).toMatchObject({
      severity: 'warning',
      numbers: { refusedPackets: 20, refusedPerSecond: 2 },
      details: { source, sourceRole: role },
    });
  });

  it.each(['10.0.0.5', 'fd00::5'])('is no fault for the private address %s, which may be a proxy', (source) => {
    const found = find(source, 'fail2ban', 20, '', 'f2b-nginx');
    expect(found).toMatchObject({ severity: 'info', details: { sourceRole: 'private address' } });
    expect(found && describeFinding(found).consequence).toMatch(/^If this is a proxy .* do nothing\.$/);
    expect(remedyOf(found, 'exempt-source').title).toBe(
      `If ${source} is a proxy or gateway: let it pass the chain f2b-nginx`,
    );
  });

  it('is about a real server, although a private address sends more', () => {
    const at = (count: number) =>
      samplesOf(`ipvs_real_server_weight{${server},real_address="10.0.0.5"} 1`).concat(
        ['10.0.0.9', '10.0.0.5'].flatMap((source, index) => {
          const place = `tool="iptables",chain="filter f2b-nginx",position="${index + 1}"`;
          return samplesOf(`firewall_refused_source_info{${place},matches="-s ${source}",owner="fail2ban",source="${source}"} 1
            firewall_refused_source_packets_total{${place}} ${count / (index + 1)}`);
        }),
      );
    const found = diagnose([...seconds(20), ...at(40)], [...seconds(10), ...at(0)]);
    expect(found.filter(({ id }) => id === 'source-refused')).toMatchObject([{ details: { source: '10.0.0.5' } }]);
  });

  it('is silent for a private address that is banned from SSH', () => {
    expect(find('10.1.2.3', 'fail2ban', 500)).toBeUndefined();
  });

  it('is silent for an address of the Internet, and where few packets come', () => {
    expect(find('203.0.113.5', 'fail2ban', 500)).toBeUndefined();
    expect(find('10.0.0.5', 'fail2ban', 1, '', 'f2b-nginx')).toBeUndefined();
  });
});

describe('on a host', neededByHop, () => {
  let hop: Hop;
  beforeEach(async () => {
    hop = await createHop('source', 'ipv4');
    // Replies to this host come from the network that Tailscale refuses.
    hop.run('hop', 'ip address add 100.64.7.1/24 dev far');
    hop.run('server', 'ip address add 100.64.7.2/24 dev eth0');
  });
  afterEach(() => hop.end());

  /** How many of three connections of the hop itself are answered. */
  const ask = (address: string) =>
    Number(
      hop.run(
        'hop',
        `for try in 1 2 3; do timeout 1 bash -c 'exec 3<>/dev/tcp/${address}/${serverPort} && head -c 2 <&3'; done 2>/dev/null | grep -o ok | wc -l`,
      ),
    );

  it.each([
    [
      'fail2ban that banned its proxy',
      ['iptables -N f2b-web', 'iptables -A INPUT -j f2b-web', 'iptables -I f2b-web 1 -s 198.51.100.10/32 -j DROP'],
      '198.51.100.10',
      'ipvs_real_server_weight{virtual_address="203.0.113.9",virtual_port="80",protocol="tcp",real_port="80",forward="direct",real_address="198.51.100.10"} 1',
    ],
    [
      'Tailscale',
      [
        'iptables -N ts-input',
        'iptables -A INPUT -j ts-input',
        'iptables -A ts-input -s 100.115.92.0/23 ! -i tailscale0 -j RETURN',
        'iptables -A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP',
      ],
      '100.64.7.2',
      '',
    ],
  ])('%s: it is answered with exempt-source, and no more after its undo', async (_what, rules, address, more) => {
    hop.type(rules);
    const read = async () => [...samplesOf(more), ...(await hop.readFirewall())];
    const before = await read();
    expect(ask(address)).toBe(0);
    const findings = diagnose([...seconds(20), ...(await read())], [...seconds(10), ...before]);
    const finding = findings.find(({ id }) => id === 'source-refused');
    const { commands, undo, verify } = remedyOf(finding, 'exempt-source');
    expect(findings.map(({ id }) => id)).not.toContain('packets-refused');
    hop.type(commands);
    expect(ask(address)).toBe(3);
    hop.type(verify);
    if (isNone(undo)) throw new Error('Expected an undo');
    hop.type(undo);
    expect(ask(address)).toBe(0);
  });
});
