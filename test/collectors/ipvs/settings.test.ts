import { expect, it } from 'vitest';
import { readSettings } from '../../../src/collectors/ipvs/settings.ts';
import { createHost, systemError } from '../../machine.ts';
import { collect, machine } from '../ipvs-machine.ts';

const directory = '/proc/sys/net/ipv4/vs';

it('ipvs.collect() gives every number of net.ipv4.vs, and two names to a pair', async () => {
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

it.each(['EACCES', 'ENOENT', 'EIO'])('gives the other settings where one answers %s', async (code) => {
  const host = createHost({ files: { [`${directory}/am_droprate`]: '10\n', [`${directory}/conntrack`]: '1\n' } });
  const readFile = async (path: string) => {
    if (path.endsWith('/am_droprate')) throw systemError(code, 'refused');
    return host.readFile(path);
  };
  const { settings: samples, problem } = await readSettings({ ...host, readFile });
  expect(problem !== undefined).toBe(code === 'EIO');
  expect(samples.map(({ labels, value }) => [labels.name, value])).toEqual([['conntrack', 1]]);
});

it('leaves out a setting that was cut off, and reports it', async () => {
  const host = createHost({ files: { [`${directory}/am_droprate`]: '1', [`${directory}/conntrack`]: '1\n' } });
  const { settings, problem } = await readSettings(host);
  expect(settings.map(({ labels }) => labels.name)).toEqual(['conntrack']);
  expect(problem?.message).toContain('/proc/sys/net/ipv4/vs/am_droprate: Cannot parse line 1');
});
