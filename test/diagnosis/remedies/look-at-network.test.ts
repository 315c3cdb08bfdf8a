import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleSilentNeighbours } from '../../../src/collectors/prerequisites/silent-neighbours.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { createHost } from '../../machine.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const absent = '198.51.100.77';

describe('a server that does not answer ARP', neededByHop, () => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('look', 'ipv4');
  });
  afterAll(() => hop.end());

  async function readSilent() {
    const read = (path: string) => [path, hop.run('hop', `cat ${path}`)];
    return sampleSilentNeighbours(
      createHost({ files: Object.fromEntries(['/proc/net/arp', '/proc/net/route'].map(read)) }),
    );
  }

  it('is found, and shown by the commands of its remedy', async () => {
    expect(hop.request('198.51.100.10', serverPort, 1)).toBe(1);
    expect(await readSilent()).toEqual([]);
    expect(hop.request(absent, serverPort, 1)).toBe(0);
    const silent = await readSilent();
    expect(silent).toMatchObject([{ labels: { address: absent, interface: 'far', gateway: '' } }]);
    const destination = `protocol="tcp",address="${absent}",port="80",zone="0"`;
    const flows = samplesOf(`conntrack_entries 300
      conntrack_entries_limit 262144
      conntrack_destination_entries{${destination}} 200
      conntrack_destination_unreplied{${destination}} 200
      conntrack_destination_verdict{${destination},verdict="syn_flood"} 1`);
    const found = diagnose([...flows, ...silent]);
    expect(found).toMatchObject([{ id: 'neighbour-silent', severity: 'warning', details: { role: 'destination' } }]);
    const { commands } = remedyOf(found[0], 'look-at-neighbour');
    expect(commands[2]).toBe(`timeout 5 tcpdump -n -e -c 10 -i far 'arp and host ${absent}'`);
    expect(commands.slice(0, 2).map((command) => hop.run('hop', command))).toEqual([
      expect.stringContaining('dev far'),
      expect.stringMatching(/FAILED|INCOMPLETE/),
    ]);
  });

  it('is the default gateway where that is asked for', async () => {
    hop.run('hop', `ip route add default via ${absent}`);
    hop.request('203.0.113.1', serverPort, 1);
    expect(await readSilent()).toMatchObject([{ labels: { address: absent, gateway: 'default' } }]);
  });
});
