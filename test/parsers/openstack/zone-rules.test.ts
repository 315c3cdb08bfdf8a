import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseZoneRules } from '../../../src/parsers/openstack/zone-rules.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const saved = readFileSync(new URL('../../fixtures/openstack/iptables-raw.txt', import.meta.url), 'utf8');

describe('parseZoneRules()', () => {
  it('finds the devices that Neutron gives zones to', () => {
    const family = [
      { device: 'qvb1a2b3c4d-5e', zone: 4097 },
      { device: 'qvb1a2b3c4d-5e', zone: 4097 },
      { device: 'tap1a2b3c4d-5e', zone: 4097 },
      { device: 'qvb77c1dc00-af', zone: 4098 },
      { device: 'qvb77c1dc00-af', zone: 4098 },
      { device: 'tap77c1dc00-af', zone: 4098 },
    ];
    expect(parseZoneRules(saved)).toEqual([...family, ...family]);
  });

  it.each([
    ['of one direction', '-i eth1 -j CT --zone-orig 5', [{ device: 'eth1', zone: 5 }]],
    ['with more options of its target', '-i eth1 -j CT --helper ftp --zone 5', [{ device: 'eth1', zone: 5 }]],
    ['of any device', '-j CT --zone 5', []],
    ['of all other devices', '! -i eth1 -j CT --zone 5', []],
    ['whose comment looks like one', '-i eth1 -m comment --comment "as -j CT --zone 9 \\" does" -j ACCEPT', []],
    ['with a target of its own', '-i eth1 -j CTX --zone 5', []],
  ])('a rule %s', (_what, rule, expected) => {
    expect(parseZoneRules(`-A PREROUTING ${rule}\n`)).toEqual(expected);
  });

  it('has none where there is no table', () => {
    expect(parseZoneRules('')).toEqual([]);
  });

  it('refuses a table that was cut off', () => {
    expect(() => parseZoneRules(saved.slice(0, 400))).toThrow('expected a line end, got the end of the file');
  });

  it('gives rules or a ParseError for any text', () => expectParsedOrRefused(parseZoneRules, saved));
});
