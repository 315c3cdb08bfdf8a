import { describe, expect, it } from 'vitest';
import { hasDnatRule, isNotTracked, listNotrackRules } from '../../src/readings/firewall-rules.ts';
import { type Readings, splitByNamespace } from '../../src/readings/readings.ts';
import { samplesOf } from '../diagnosis/samples.ts';

const web = { protocol: 'tcp', address: '10.0.0.100', port: '80' };

function readingsOf(text: string): Readings {
  const [readings] = splitByNamespace(samplesOf(text));
  if (readings === undefined) throw new Error('Expected readings');
  return readings;
}

describe('isTranslated()', () => {
  it.each([
    ['protocol="tcp",address="10.0.0.100",port="80"', true],
    ['protocol="tcp",address="",port="80"', true],
    ['protocol="",address="10.0.0.0/24",port=""', true],
    ['protocol="tcp",address="",port="79:81"', true],
    ['protocol="udp",address="10.0.0.100",port="80"', false],
    ['protocol="tcp",address="10.0.1.0/24",port=""', false],
    ['protocol="tcp",address="",port="81:90"', false],
    ['protocol="",address="fd00::/8",port=""', false],
  ])('a rule with %s: %s', (labels, expected) => {
    expect(hasDnatRule(readingsOf(`firewall_nat_rule_info{${labels}} 1`), web)).toBe(expected);
  });

  it('of a wider rule', () => {
    const readings = readingsOf('firewall_nat_rule_info{protocol="tcp",address="fd00::7",port="80"} 1');
    expect(hasDnatRule(readings, { protocol: '', address: 'fd00::/8', port: '' })).toBe(true);
    expect(hasDnatRule(readings, { protocol: '', address: 'fd00:1::/32', port: '' })).toBe(false);
  });
});

describe('isNotTracked()', () => {
  const rule = 'protocol="tcp",address="10.0.0.100",port="80"';
  const info = `firewall_notrack_rule_info{chain="raw PREROUTING",${rule}} 1`;
  const counted = (packets: number) =>
    `${info}\nfirewall_notrack_packets_total{chain="raw PREROUTING",${rule}} ${packets}`;

  it.each([
    ['that does not count', info, true],
    ['that counts packets', counted(3), true],
    ['that counts none', counted(0), false],
    ['that counts none, and one that does not count', `${counted(0)}\n${info.replace('PREROUTING', 'OUTPUT')}`, true],
    ['for another address', info.replace('100', '101'), false],
  ])('a rule %s', (_, text, expected) => {
    expect(isNotTracked(readingsOf(text), web)).toBe(expected);
  });

  it('takes the rules of several chains for one', () => {
    const readings = readingsOf(`${counted(3)}\n${counted(4).replaceAll('PREROUTING', 'OUTPUT')}`);
    expect(listNotrackRules(readings)).toEqual([{ ...web, packets: 7, chains: ['raw PREROUTING', 'raw OUTPUT'] }]);
  });
});
