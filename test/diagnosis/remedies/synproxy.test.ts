import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

describe('no-pick-up for SYNPROXY', neededByHop, () => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('synproxy', 'ipv4');
    hop.run('hop', `iptables -t raw -A PREROUTING -p tcp --dport ${serverPort} --syn -j CT --notrack`);
    hop.run(
      'hop',
      `iptables -A FORWARD -p tcp --dport ${serverPort} -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460`,
    );
    hop.run('hop', 'iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP');
  });
  afterAll(() => hop.end());

  it('lets clients connect', async () => {
    const rules = await hop.readFirewall();
    const find = (loose: 0 | 1) => diagnose([...samplesOf(`conntrack_setting{name="tcp_loose"} ${loose}`), ...rules]);
    const serves = () => hop.request(hop.addresses.server, serverPort, 3);
    expect(serves()).toBe(0);
    const [finding] = find(1);
    expect(finding).toMatchObject({ id: 'synproxy-picks-up', details: { chains: ['filter FORWARD'] } });
    const { commands, undo } = remedyOf(finding, 'no-pick-up');
    hop.type(commands);
    await expect.poll(serves, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(find(0).map(({ id }) => id)).not.toContain('synproxy-picks-up');
    hop.type(isNone(undo) ? [] : undo);
    expect(serves()).toBe(0);
  });
});
