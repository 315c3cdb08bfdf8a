import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInterfaceStatistics } from '../../../src/netlink/ethtool/ethtool.ts';
import { needs } from '../../needs.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

describe('readInterfaceStatistics()', needs('ip', 'root', 'network namespaces'), () => {
  let namespace: Namespace;

  beforeAll(() => {
    namespace = createNamespace('ethtool');
    namespace.run('ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'a-name-of-15-it');
  });

  afterAll(() => namespace.remove());

  const read = (interfaces: readonly string[], drivers: readonly string[]) =>
    readInterfaceStatistics(interfaces, { drivers, namespace: namespace.path });

  it.each([
    ['near', 'a-name-of-15-it'],
    ['a-name-of-15-it', 'near'],
  ])('gives what the driver of %s counts, by its own names', async (name, peer) => {
    const index = namespace.run('cat', `/sys/class/net/${peer}/ifindex`);
    const [statistics, ...others] = await read([name], ['veth']);
    expect(others).toEqual([]);
    expect(statistics).toMatchObject({ interface: name, driver: 'veth', counters: { peer_ifindex: Number(index) } });
    expect(Object.keys(statistics?.counters ?? {})).toContain('rx_queue_0_drops');
  });

  it('leaves out other drivers, interfaces without one, and those that are gone', async () => {
    expect(await read(['near'], ['ena'])).toEqual([]);
    expect(await read(['lo', 'gone'], ['veth'])).toEqual([]);
  });
});
