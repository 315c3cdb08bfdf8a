import { describe, expect, it } from 'vitest';
import { createLibvirtDomainParser, type LibvirtDomain } from '../../src/parsers/openstack/libvirt-domain.ts';
import { createConceal } from '../../src/recording/conceal.ts';
import { domainFiles } from '../openstack/compute-node.ts';

function parse(text: string): LibvirtDomain[] {
  const domains: LibvirtDomain[] = [];
  const parser = createLibvirtDomainParser((domain) => domains.push(domain));
  parser.add(text);
  parser.end();
  return domains;
}

/** Hardware addresses are replaced in every text. */
function withoutHardware(text: string): LibvirtDomain[] {
  return parse(text.replaceAll(/(?:[\da-f]{2}:){5}[\da-f]{2}/gi, '02:00:00:00:00:00'));
}

describe('createConceal() of the files of libvirt', () => {
  it.each(Object.entries(domainFiles))('keeps of %s what is read of it', (path, text) => {
    const concealed = createConceal()(path, text);
    expect(withoutHardware(concealed)).toEqual(withoutHardware(text));
    expect(withoutHardware(createConceal()(path.replace('/run/', '/etc/'), concealed))).toEqual(withoutHardware(text));
  });

  it('keeps neither passwords nor users nor disks', () => {
    const [[path = '', text = ''] = []] = Object.entries(domainFiles);
    expect(text).toMatch(/console-secret.*/);
    expect(text).toContain('alice');
    expect(createConceal()(path, text)).not.toMatch(/console-secret|alice|ff627ad3|rbd|vnc/);
  });

  it('keeps nothing of one that cannot be read', () => {
    expect(createConceal()('/run/libvirt/qemu/a.xml', '<domain><graphics passwd="secret">')).toBe('');
  });
});
