import { describe, expect, it } from 'vitest';
import { createLibvirtDomainParser, type LibvirtDomain } from '../../src/parsers/openstack/libvirt-domain.ts';
import { createAnonymize } from '../../src/recording/anonymize.ts';
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

describe('createAnonymize() of the files of libvirt', () => {
  it.each(Object.entries(domainFiles))('keeps of %s what is read of it', (path, text) => {
    const anonymized = createAnonymize()(path, text);
    expect(withoutHardware(anonymized)).toEqual(withoutHardware(text));
    expect(withoutHardware(createAnonymize()(path.replace('/run/', '/etc/'), anonymized))).toEqual(
      withoutHardware(text),
    );
  });

  it('keeps neither passwords nor users nor disks', () => {
    const [[path = '', text = ''] = []] = Object.entries(domainFiles);
    expect(text).toMatch(/console-secret.*/);
    expect(text).toContain('alice');
    expect(createAnonymize()(path, text)).not.toMatch(/console-secret|alice|ff627ad3|rbd|vnc/);
  });

  it('keeps nothing of one that cannot be read', () => {
    expect(createAnonymize()('/run/libvirt/qemu/a.xml', '<domain><graphics passwd="secret">')).toBe('');
  });
});
