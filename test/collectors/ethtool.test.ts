import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ethtool } from '../../src/collectors/ethtool.ts';
import { render } from '../../src/http/exposition.ts';
import { createHost, type Machine, systemError } from '../machine.ts';

/** As `ethtool -S` lists them with ENA driver 2.8.1 and later, two queues' counters left out. */
const counters = JSON.parse(readFileSync('test/fixtures/ena/statistics.json', 'utf8'));
const { conntrack_allowance_available: _, ...olderCounters } = counters;

const devices = (...names: readonly string[]) =>
  `Inter-|   Receive  |  Transmit\n face |bytes\n${names.map((name) => `  ${name}: 1 2\n`).join('')}`;

async function collect(rest: Machine): Promise<string[]> {
  const host = createHost({ files: { '/proc/net/dev': devices('lo', 'eth0', 'eth1') }, ...rest });
  const text = await render(await ethtool.collect(host), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const exceeded = (name: string) => [
  `ethtool_allowance_exceeded_total{interface="${name}",allowance="bw_in"} 0`,
  `ethtool_allowance_exceeded_total{interface="${name}",allowance="bw_out"} 3`,
  `ethtool_allowance_exceeded_total{interface="${name}",allowance="pps"} 0`,
  `ethtool_allowance_exceeded_total{interface="${name}",allowance="conntrack"} 12`,
  `ethtool_allowance_exceeded_total{interface="${name}",allowance="linklocal"} 0`,
];

describe('ethtool.collect()', () => {
  it('gives the allowances of each ENA interface', async () => {
    const interfaceStatistics = ['eth0', 'eth1'].map((name) => ({ interface: name, driver: 'ena', counters }));
    expect((await collect({ interfaceStatistics })).sort()).toEqual(
      ['eth0', 'eth1']
        .flatMap((name) => [...exceeded(name), `ethtool_conntrack_allowance_available{interface="${name}"} 76957`])
        .sort(),
    );
  });

  it('gives what an older driver has', async () => {
    const interfaceStatistics = [{ interface: 'eth0', driver: 'ena', counters: olderCounters }];
    expect(await collect({ interfaceStatistics })).toEqual(exceeded('eth0'));
  });

  it.each([
    ['other drivers', [{ interface: 'eth0', driver: 'veth', counters }]],
    ['an ENA driver without allowances', [{ interface: 'eth0', driver: 'ena', counters: { tx_timeout: 0 } }]],
    ['an older recording', systemError('ENOENT', 'as recorded')],
  ] as const)('is absent with %s', async (_what, interfaceStatistics) => {
    await expect(collect({ interfaceStatistics })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each(['EPERM', 'ENOSYS'])('has nothing where the socket gives %s', async (code) => {
    expect(await collect({ interfaceStatistics: systemError(code, 'socket') })).toEqual([]);
  });

  it('fails where the device does', async () => {
    const failing = collect({ interfaceStatistics: systemError('EIO', 'ioctl') });
    await expect(failing).rejects.toMatchObject({ code: 'EIO' });
  });
});
