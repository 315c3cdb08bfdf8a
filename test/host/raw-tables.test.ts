import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseZoneRules } from '../../src/parsers/openstack/zone-rules.ts';
import { needs } from '../needs.ts';
import { createNamespace, type Namespace } from '../netlink/namespace.ts';
import { neutronChain, neutronRules } from '../openstack/neutron-rules.ts';

const programs = needs(
  'bash',
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
  'IPv6',
);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What readRawTables() gives in a process of its own, for the commands that it starts to be in the namespace. */
function readIn(namespace: Namespace): string {
  const program = `import { readFile } from 'node:fs/promises';
    import { readRawTables } from './src/host/raw-tables.ts';
    process.stdout.write(await readRawTables((path) => readFile(path, 'utf8')));`;
  return execFileSync(
    'nsenter',
    [`--net=${namespace.path}`, process.execPath, '--import', 'tsx', '--input-type=module', '-e', program],
    { encoding: 'utf8', cwd: root },
  );
}

function tablesOf(namespace: Namespace): string[] {
  return ['cat /proc/net/ip_tables_names /proc/net/ip6_tables_names', 'nft list tables'].map((command) =>
    namespace.run('bash', '-c', command),
  );
}

describe('readRawTables()', programs, () => {
  let namespace: Namespace;
  beforeEach(() => {
    namespace = createNamespace('raw-tables');
  });
  afterEach(() => namespace.remove());

  it.each(['nft', 'legacy'])('reads both families: iptables-%s', (variant) => {
    for (const [program, zone] of [
      ['iptables', 4097],
      ['ip6tables', 4098],
    ] as const) {
      const rules = neutronRules(`${program}-${variant}`, '1a2b3c4d-5e', `--zone ${zone}`);
      for (const command of [...neutronChain(`${program}-${variant}`), ...rules]) namespace.run('bash', '-c', command);
    }
    const devices = ['qvb1a2b3c4d-5e', 'qvb1a2b3c4d-5e', 'tap1a2b3c4d-5e'];
    expect(parseZoneRules(readIn(namespace))).toEqual([
      ...devices.map((device) => ({ device, zone: 4097 })),
      ...devices.map((device) => ({ device, zone: 4098 })),
    ]);
  });

  it('makes no table', () => {
    expect(parseZoneRules(readIn(namespace))).toEqual([]);
    expect(tablesOf(namespace)).toEqual(['', '']);
    // As it would if it named one to iptables-legacy.
    namespace.run('iptables-legacy-save', '-t', 'raw');
    expect(tablesOf(namespace)).toEqual(['raw\n', '']);
  });
});
