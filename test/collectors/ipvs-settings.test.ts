import { expect, it } from 'vitest';
import { collect, machine } from './ipvs-machine.ts';

it('ipvs.collect() gives every number of net.ipv4.vs, and two names to a pair', async () => {
  const directory = '/proc/sys/net/ipv4/vs';
  const files = {
    [`${directory}/conntrack`]: '0\n',
    [`${directory}/est_nice`]: '-10\n',
    [`${directory}/est_cpulist`]: '1\n',
    [`${directory}/sync_threshold`]: '3\t50\n',
  };
  const lines = await collect(machine('', { files }));
  expect(lines.filter((line) => line.startsWith('ipvs_setting'))).toEqual([
    'ipvs_setting{name="conntrack"} 0',
    'ipvs_setting{name="est_nice"} -10',
    'ipvs_setting{name="sync_threshold"} 3',
    'ipvs_setting{name="sync_threshold_period"} 50',
  ]);
});
