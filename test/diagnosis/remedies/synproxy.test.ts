import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { needs } from '../../needs.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

describe('no-pick-up for SYNPROXY', { ...neededByHop, ...needs('SYNPROXY') }, () => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('synproxy', 'ipv4');
    const tcp = `-p tcp --dport ${serverPort}`;
    hop.run('hop', `iptables -t raw -A PREROUTING ${tcp} --syn -j CT --notrack`);
    const options = '--sack-perm --timestamp --wscale 7 --mss 1460';
    hop.run('hop', `iptables -A FORWARD ${tcp} -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY ${options}`);
    hop.run('hop', 'iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP');
  });
  afterAll(() => hop.end());

  /**
   * What the service replies to a client that sends first. Recent servers reject the ACK of SYNPROXY itself, as it has
   * a wrong timestamp: the client's data, or a SYN-ACK sent again after a second, end the handshake.
   */
  const ask = () => {
    const path = `/dev/tcp/${hop.addresses.server}/${serverPort}`;
    return hop.run('client', `(exec 3<>${path}; echo >&3; timeout 10 head -c 2 <&3) 2>/dev/null || true`);
  };

  it('lets clients connect', async () => {
    const rules = await hop.readFirewall();
    const find = (loose: 0 | 1) => diagnose([...samplesOf(`conntrack_setting{name="tcp_loose"} ${loose}`), ...rules]);
    expect(ask()).toBe('');
    const [finding] = find(1);
    expect(finding).toMatchObject({ id: 'synproxy-picks-up', details: { chains: ['filter FORWARD'] } });
    const { commands, undo } = remedyOf(finding, 'no-pick-up');
    hop.type(commands);
    expect([ask(), ask(), ask()]).toEqual(['ok', 'ok', 'ok']);
    expect(find(0).map(({ id }) => id)).not.toContain('synproxy-picks-up');
    hop.type(isNone(undo) ? [] : undo);
    expect(ask()).toBe('');
  });
});
