import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLibvirtDomainParser, type LibvirtDomain } from '../../../src/parsers/openstack/libvirt-domain.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

function read(name: string): string {
  return readFileSync(new URL(`../../fixtures/openstack/libvirt/${name}`, import.meta.url), 'utf8');
}

const director = read('instance-0000002a.xml');

function parse(text: string, partLength = 100): LibvirtDomain | undefined {
  let parsed: LibvirtDomain | undefined;
  const parser = createLibvirtDomainParser((domain) => {
    parsed = domain;
  });
  for (let start = 0; start < text.length; start += partLength) parser.add(text.slice(start, start + partLength));
  parser.end();
  return parsed;
}

describe('createLibvirtDomainParser()', () => {
  it('reads a running domain with the ports that Nova notes', () => {
    expect(parse(director)).toEqual({
      name: 'instance-0000002a',
      uuid: '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01',
      instanceName: 'director-1',
      project: 'web shop',
      projectId: '512866f9994f4ad8916d8539a7cdeec9',
      interfaces: [{ device: 'tap1a2b3c4d-5e', mac: 'fa:16:3e:1a:2b:3c', portId: '', addresses: [] }],
      ports: [{ id: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d', addresses: ['10.0.0.11', 'fd00::f816:3eff:fe1a:2b3c'] }],
    });
  });

  it('reads one of an older Nova that libvirt plugs into Open vSwitch', () => {
    expect(parse(read('instance-0000002b.xml'))).toEqual({
      name: 'instance-0000002b',
      uuid: 'ff91d2dc-69a1-43ef-abde-c9e4e9a0305b',
      instanceName: 'R&D <mail>',
      project: 'mail',
      projectId: 'acf923f29b4d4e0dacfb1b2976dd480f',
      interfaces: [
        {
          device: 'tap77c1dc00-af',
          mac: 'fa:16:3e:77:c1:dc',
          portId: '77c1dc00-af39-4463-bea0-12808f4bc340',
          addresses: [],
        },
      ],
      ports: [],
    });
  });

  it('reads a definition, and the addresses that a filter lets through', () => {
    const definition = `<domain><name>web</name><devices>
      <interface type='network'><target dev='vnet0'/>
        <filterref filter='clean-traffic'><parameter name='IP' value='192.0.2.7'/><parameter name='MAC' value='x'/></filterref>
      </interface></devices></domain>`;
    expect(parse(definition)).toMatchObject({
      name: 'web',
      instanceName: '',
      interfaces: [{ device: 'vnet0', mac: '', portId: '', addresses: ['192.0.2.7'] }],
    });
  });

  it('takes elements elsewhere for what they are', () => {
    const text = '<domain><name>a</name><devices><disk><name>b</name><mac address="c"/></disk></devices></domain>';
    expect(parse(text)).toMatchObject({ name: 'a', interfaces: [] });
  });

  it('makes names fit for a terminal', () => {
    const name = `\u009b31m\u202e${'x'.repeat(300)}`;
    const text = `<domain><metadata><nova:instance><nova:name>${name}</nova:name></nova:instance></metadata></domain>`;
    expect(parse(text)?.instanceName).toBe(`?31m?${'x'.repeat(250)}`);
  });

  it.each([
    ['<a/>', 'Cannot parse line 1: expected a domain, got "a"'],
    ['<domain>\n<a></b></domain>', 'Cannot parse line 2: expected XML, got "unexpected close tag."'],
    ['<domain>', 'Cannot parse line 1: expected XML, got "unclosed tag: domain"'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><domain>&b;</domain>', 'Cannot parse line 1: expected no document type'],
    [`<domain>${'<a>'.repeat(32)}`, 'Cannot parse line 1: expected at most 32 elements in one another'],
    [`<domain>${' '.repeat(2 ** 20)}`, 'Cannot parse line 1: expected at most 1048576 characters'],
  ])('refuses %.40s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('gives a domain or a ParseError for any text', () => expectParsedOrRefused(parse, director));
});
