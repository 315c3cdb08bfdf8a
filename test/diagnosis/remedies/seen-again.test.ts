import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const server = '198.51.100.10';

/** What `diagnose` reports about a remedy that was applied, from the rules of a real firewall before and after traffic. */
describe('diagnose, run again', neededByHop, () => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('again', 'ipv4');
  });
  afterAll(() => hop.end());

  const entries = samplesOf('conntrack_entries 1');
  async function find(id: Finding['id'], traffic: () => void): Promise<Finding | undefined> {
    const before = [...entries, ...(await hop.readFirewall())];
    traffic();
    return diagnose([...entries, ...(await hop.readFirewall())], before).find((one) => one.id === id);
  }

  it.each([
    [
      'iptables',
      `iptables -t mangle -A PREROUTING -d ${server}/32 -p tcp --dport 9 -m conntrack --ctstate NEW -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-daddr -j DROP`,
      'iptables -t mangle -F',
    ],
    [
      'nft',
      `nft 'add table inet limited; add chain inet limited p { type filter hook prerouting priority -150; }; add rule inet limited p ip daddr ${server} tcp dport 9 ct state new ct count over 5 counter drop'`,
      'nft delete table inet limited',
    ],
  ])('sees whether a limit of %s refuses connections', async (_tool, limit, undo) => {
    hop.run('server', 'iptables -A INPUT -p tcp --dport 9 -j DROP');
    hop.type([limit]);
    expect(await find('connection-limit', () => undefined)).toMatchObject({
      details: { effect: 'idle' },
      severity: 'info',
    });
    const found = await find('connection-limit', () => hop.request(server, 9, 20));
    expect(found).toMatchObject({
      details: { effect: 'refuses' },
      subject: { destination: { address: server, port: '9' } },
      numbers: { limitConnections: 5 },
    });
    hop.type([...remedyOf(found, 'look-at-limit').commands, undo]);
    hop.run('server', 'iptables -F INPUT');
  });

  it.each([
    [
      'iptables',
      'iptables -P FORWARD DROP',
      'iptables -A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT',
      'iptables -F FORWARD; iptables -P FORWARD ACCEPT',
    ],
    [
      'nft',
      "nft 'add table inet strict; add chain inet strict f { type filter hook forward priority 5; policy drop; }'",
      'nft add rule inet strict f ct state new,established accept',
      'nft delete table inet strict',
    ],
  ])(
    'sees that a stateful firewall of %s drops what is exempt, and removes the rule',
    async (_tool, policy, accept, undo) => {
      const exempt = `PREROUTING -d ${server}/32 -p tcp -m tcp --dport ${serverPort} -j CT --notrack`;
      hop.type([policy, accept]);
      expect(hop.request(server, serverPort, 3)).toBe(3);
      hop.type([`iptables -t raw -A ${exempt}`]);
      const found = await find('notrack-dropped', () => expect(hop.request(server, serverPort, 3)).toBe(0));
      expect(found).toMatchObject({ severity: 'critical', subject: { destination: { address: server } } });
      hop.type(remedyOf(found, 'remove-notrack').commands);
      expect(hop.request(server, serverPort, 3)).toBe(3);
      hop.type([undo, 'iptables -t raw -F']);
    },
  );

  it('look-at-listeners shows the queues of services', () => {
    const seen = (seconds: number, overflows: number) =>
      samplesOf(`conntrack_entries 1
        lvs_exporter_collector_last_success_timestamp_seconds{collector="network"} ${seconds}
        network_listen_overflows_total ${overflows}`);
    const [finding] = diagnose(seen(1010, 90), seen(1000, 0));
    const [show = ''] = remedyOf(finding, 'look-at-listeners').commands;
    expect(hop.run('server', show)).toContain(`:${serverPort}`);
  });
});
