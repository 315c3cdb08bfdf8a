import { expect, it } from 'vitest';
import { createOpenStack } from '../../src/collectors/openstack.ts';
import { listSamples } from '../../src/scrape/columns.ts';
import { createHost } from '../machine.ts';
import { computeNodes } from '../openstack/compute-node.ts';

const large = `<domain>${' '.repeat(2 ** 20 - 100)}</domain>`;

it('thousands of files of libvirt as large as may be: so many are read as a machine can have, and the rest counted', async () => {
  let read = 0;
  const host = createHost(computeNodes.hybrid);
  const names = Array.from({ length: 9000 }, (_, index) => `zz-${index}.xml`);
  const samples = await createOpenStack().collector.collect({
    ...host,
    listDirectory: async (path) => [...(await host.listDirectory(path)), ...names],
    async readParts(path, take) {
      if (!path.includes('/zz-')) return await host.readParts(path, take);
      const isTaken = take(large);
      if (isTaken) read++;
      return isTaken;
    },
  });
  const unread = listSamples(samples).find(({ metric }) => metric.name === 'conntrack_zone_unread_domains')?.value;
  const owned = listSamples(samples).find(({ labels }) => labels.vm === 'yes' && labels.zone === 'yes')?.value;
  expect(read).toBeLessThan(40);
  expect(unread).toBe(9000 - read);
  expect(owned).toBe(2);
});
