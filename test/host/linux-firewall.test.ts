import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFirewall } from '../../src/host/linux-firewall.ts';
import { needs } from '../needs.ts';
import { createNamespace, type Namespace } from '../netlink/namespace.ts';

const programs = needs(
  'ip',
  'iptables',
  'iptables-legacy',
  'nft',
  'nsenter',
  'unshare',
  'root',
  'network namespaces',
  'nf_tables',
  'ip_tables',
);

describe('readFirewall()', programs, () => {
  let namespace: Namespace;

  beforeAll(() => {
    namespace = createNamespace('firewall');
  });

  afterAll(() => namespace.remove());

  it('distinguishes the rules of iptables-legacy, also where there are no others', async () => {
    namespace.run('iptables-legacy', '-P', 'FORWARD', 'DROP');
    const alone = await readFirewall(namespace.path);
    expect(alone).toMatchObject({ iptables: '', ip6tables: '', ip6tablesLegacy: '' });
    expect(alone.iptablesLegacy).toContain(':FORWARD DROP');
    namespace.run('iptables', '-P', 'INPUT', 'DROP');
    const both = await readFirewall(namespace.path);
    expect(both.iptables).toContain(':INPUT DROP');
    expect(both.iptablesLegacy).toContain(':INPUT ACCEPT');
  });
});
