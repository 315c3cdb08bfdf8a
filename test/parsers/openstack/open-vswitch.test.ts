import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseOpenVSwitch } from '../../../src/parsers/openstack/open-vswitch.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

function read(name: string): string {
  return readFileSync(new URL(`../../fixtures/openstack/${name}`, import.meta.url), 'utf8');
}

const [director, mail] = [
  {
    portId: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
    mac: 'fa:16:3e:1a:2b:3c',
    vmId: '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01',
  },
  {
    portId: '77c1dc00-af39-4463-bea0-12808f4bc340',
    mac: 'fa:16:3e:77:c1:dc',
    vmId: 'ff91d2dc-69a1-43ef-abde-c9e4e9a0305b',
  },
] as const;

describe('parseOpenVSwitch()', () => {
  it.each(['qvo', 'tap'])('reads ports that Neutron tagged: %s', (prefix) => {
    const names = [`${prefix}1a2b3c4d-5e`, `${prefix}77c1dc00-af`] as const;
    const parsed = parseOpenVSwitch(read(prefix === 'qvo' ? 'hybrid.json' : 'openvswitch.json'));
    expect([...parsed.interfaces].sort((one, other) => one.name.localeCompare(other.name))).toEqual([
      { name: names[0], ...director },
      { name: names[1], ...mail },
    ]);
    expect([...parsed.tags].sort()).toEqual(
      [
        [names[0], 3],
        ['tap0d0d0d0d-5e', 3],
        [names[1], 3],
      ].sort(),
    );
    expect(parsed.zones).toEqual([]);
  });

  it('reads the zones that ovn-controller chose, for ports and routers', () => {
    const { interfaces, tags, zones } = parseOpenVSwitch(read('ovn.json'));
    expect(interfaces.map(({ name }) => name).sort()).toEqual(['tap1a2b3c4d-5e', 'tap77c1dc00-af']);
    expect(tags).toEqual(new Map());
    expect(zones.filter(({ owner }) => owner === director.portId || owner === mail.portId)).toEqual([
      { owner: director.portId, zone: 6 },
      { owner: mail.portId, zone: 7 },
    ]);
    expect(zones).toHaveLength(7);
    expect(zones).toContainEqual({ owner: 'cr-lrp-1', zone: 5 });
  });

  it('takes what Neutron noted for the tag, and the tag where it noted none', () => {
    const row = (name: string, tag: unknown, noted: readonly string[][]) => ({
      name,
      tag,
      other_config: ['map', noted],
    });
    const none = ['set', []];
    const rows = [row('a', 4095, [['tag', '7']]), row('b', 8, []), row('c', none, []), row('d', 4095, [])];
    const answer = { result: [{ rows: [] }, { rows }, { rows: [] }], error: null };
    expect(parseOpenVSwitch(JSON.stringify(answer)).tags).toEqual(
      new Map([
        ['a', 7],
        ['b', 8],
      ]),
    );
  });

  it.each([
    ['{', 'expected JSON, got a text that is cut off or malformed'],
    ['{"result":[],"error":"timed out"}', 'expected answer.error to be null, got "timed out"'],
    [
      '{"result":[{"error":"no such table"}],"error":null}',
      'expected answer.result[0].rows to be an array, got nothing',
    ],
  ])('refuses %s', (text, problem) => {
    expect(() => parseOpenVSwitch(text)).toThrow(`Cannot parse line 1: ${problem}`);
  });

  it('gives ports or a ParseError for any text', () => expectParsedOrRefused(parseOpenVSwitch, read('ovn.json')));
});
