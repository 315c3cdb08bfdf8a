import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { describeFinding } from '../../../src/diagnosis/text/index.ts';
import { needs } from '../../needs.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const seconds = (at: number) => `lvs_exporter_collector_last_success_timestamp_seconds{collector="firewall"} ${at}\n`;

function find(now: string, before: string): Finding | undefined {
  const [first, last] = [samplesOf(seconds(10) + before), samplesOf(seconds(20) + now)];
  return diagnose(last, first).find(({ id }) => id === 'packet-queue-drops');
}

const place = 'tool="iptables",chain="filter FORWARD",position="2"';
const rule = (queues: string, bypass: string, packets?: number) =>
  `firewall_queue_rule_info{${place},rule="-j NFQUEUE --queue-num 0",queues="${queues}",bypass="${bypass}"} 1
  ${packets === undefined ? '' : `firewall_queue_packets_total{${place}} ${packets}`}\n`;
const served = (queue: number, dropped: number) =>
  `firewall_queue_dropped_packets_total{queue="${queue}"} ${dropped}\n`;

describe('packet-queue-drops', () => {
  it('is critical where no program takes the packets of a rule', () => {
    expect(find(rule('0-0', 'no', 60), rule('0-0', 'no', 0))).toMatchObject({
      severity: 'critical',
      numbers: { queuedPackets: 60, queuedPerSecond: 6 },
      details: { chains: ['filter FORWARD'], position: '2', hasProgram: false },
    });
  });

  it('is critical where one of several queues has none', () => {
    const now = rule('0-1', 'no', 60) + served(0, 0);
    expect(find(now, rule('0-1', 'no', 0) + served(0, 0))).toMatchObject({ details: { hasProgram: false } });
    expect(find(now + served(1, 0), rule('0-1', 'no', 0) + served(0, 0) + served(1, 0))).toBeUndefined();
  });

  it('names a rule of nft by its handle', () => {
    const nft = (text: string) =>
      text.replaceAll(place, 'tool="nft",chain="inet ips forward",position="7"').replace(/rule="[^"]*"/, 'rule=""');
    const found = find(nft(rule('0-0', 'no', 60)), nft(rule('0-0', 'no', 0)));
    expect(found && describeFinding(found).evidence[0]).toBe('The rule with handle 7 of chain inet ips forward (nft)');
  });

  it('is a warning where the rule does not count', () => {
    expect(find(rule('7-7', 'no'), rule('7-7', 'no'))).toMatchObject({ severity: 'warning', numbers: {} });
  });

  it('is a warning where the program is too slow, and critical where it loses half', () => {
    const of = (met: number, dropped: number) => rule('0-0', 'no', met) + served(0, dropped);
    expect(find(of(30, 10), of(0, 0))).toMatchObject({ severity: 'warning', details: { hasProgram: true } });
    expect(find(of(20, 10), of(0, 0))).toMatchObject({ severity: 'critical', details: { hasProgram: true } });
    expect(find(of(30, 10), of(0, 0))?.remedies.map(({ id }) => id)).toEqual(['look-at-queue']);
    expect(find(of(30, 9), of(0, 0))).toBeUndefined();
  });

  it.each([
    ['', '/etc/iptables/rules.v4'],
    ['prerequisites_setting_owner_running{owner="ufw"} 1', '/etc/ufw/before.rules'],
    ['prerequisites_setting_owner_running{owner="firewalld"} 1', '/etc/firewalld/direct.xml'],
  ])('names the file that has the rule: %j, %s', (running, file) => {
    const found = find(rule('0-0', 'no', 60) + running, rule('0-0', 'no', 0) + running);
    expect(remedyOf(found, 'bypass-queue').persistent).toEqual({ none: expect.stringContaining(`in ${file}.`) });
  });

  it.each([
    ['no packet meets the rule', rule('0-0', 'no', 0), rule('0-0', 'no', 0)],
    ['packets pass without a program', rule('0-0', 'yes', 60), rule('0-0', 'yes', 0)],
    ['a program takes them', rule('0-0', 'no', 60) + served(0, 0), rule('0-0', 'no', 0) + served(0, 0)],
  ])('is silent where %s', (_what, now, before) => {
    expect(find(now, before)).toBeUndefined();
  });
});

describe('a rule whose program has stopped', needs('NFQUEUE'), () => {
  describe('on a hop', neededByHop, () => {
    let hop: Hop;
    beforeEach(async () => {
      hop = await createHop('queue', 'ipv4');
    });
    afterEach(() => hop.end());

    it('lets packets pass with bypass-queue, and drops them after its undo', async () => {
      hop.type(["iptables -A FORWARD -i near -m comment --comment 'of the IPS' -j NFQUEUE --queue-num 3"]);
      const requests = () => hop.request(hop.addresses.server, serverPort, 5);
      const before = await hop.readFirewall();
      expect(requests()).toBe(0);
      const finding = diagnose(
        [...samplesOf(seconds(20)), ...(await hop.readFirewall())],
        [...samplesOf(seconds(10)), ...before],
      ).find(({ id }) => id === 'packet-queue-drops');
      const { commands, undo } = remedyOf(finding, 'bypass-queue');
      hop.type(commands);
      expect(requests()).toBe(5);
      expect(hop.run('hop', 'iptables -S FORWARD').match(/NFQUEUE/g)).toHaveLength(1);
      hop.type(remedyOf(finding, 'look-at-queue').commands.slice(1));
      if (isNone(undo)) throw new Error('Expected an undo');
      hop.type(undo);
      expect(requests()).toBe(0);
    });
  });
});
