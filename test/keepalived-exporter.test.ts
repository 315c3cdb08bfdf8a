import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepalived } from '../src/collectors/keepalived/keepalived.ts';
import type { Sample } from '../src/scrape/metric.ts';
import { testMigration } from './alerts/migration-test.ts';
import { readDump } from './keepalived/fixtures.ts';
import { createHost } from './machine.ts';
import { needs } from './needs.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-migration-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** What mehdy/keepalived-exporter 1.7 makes of each number in keepalived.json. */
const counters: Readonly<Record<string, string>> = {
  advert_rcvd: 'advertisements_received',
  advert_sent: 'advertisements_sent',
  become_master: 'become_master',
  release_master: 'release_master',
  packet_len_err: 'packet_length_errors',
  advert_interval_err: 'advertisements_interval_errors',
  ip_ttl_err: 'ip_ttl_errors',
  invalid_type_rcvd: 'invalid_type_received',
  addr_list_err: 'address_list_errors',
  invalid_authtype: 'authentication_invalid',
  authtype_mismatch: 'authentication_mismatch',
  auth_failure: 'authentication_failure',
  pri_zero_rcvd: 'priority_zero_received',
  pri_zero_sent: 'priority_zero_sent',
};

/** What of an instance is read of the dump, by both. */
interface DumpedInstance {
  readonly data: {
    readonly iname: string;
    readonly ifp_ifname: string;
    readonly vrid: number;
    readonly state: number;
    readonly vips: readonly string[];
    readonly evips?: readonly string[];
  };
  readonly stats: Record<string, number>;
}

/** A recorded dump in which every counter has another value. */
function readCounted(folder: string): DumpedInstance[] {
  const instances: DumpedInstance[] = JSON.parse(readDump(folder, 'json'));
  for (const [index, { stats }] of instances.entries()) {
    for (const [place, name] of Object.keys(counters).entries()) stats[name] = 1000 * (index + 1) + place;
  }
  return instances;
}

/** The series of keepalived-exporter, with the state under its recorded name. It exports it for excluded addresses elsewhere. */
function theirSeries(instances: readonly DumpedInstance[]): Map<string, number> {
  const series = new Map<string, number>();
  for (const { data, stats } of instances) {
    const labels = `iname="${data.iname}",intf="${data.ifp_ifname}",vrid="${data.vrid}"`;
    for (const [name, theirs] of Object.entries(counters)) {
      series.set(`keepalived_${theirs}_total{${labels}}`, stats[name] ?? Number.NaN);
    }
    for (const address of [...data.vips, ...(data.evips ?? [])]) {
      const [plain] = address.split(/[/ ]/);
      series.set(`keepalived_exporter_vrrp_state{${labels},ip_address="${plain}"}`, data.state);
    }
  }
  return series;
}

async function ourSamples(instances: readonly DumpedInstance[], data?: string): Promise<readonly Sample[]> {
  const dump = (text: string) => ({ text, modifiedSeconds: 1_795_395_936 });
  const dumps = { json: dump(JSON.stringify(instances)), ...(data === undefined ? {} : { data: dump(data) }) };
  return await keepalived.collect(createHost({ keepalived: [{ daemon: '', running: true, dumps }], addresses: [] }));
}

const theirNames =
  'keepalived_exporter_.+|keepalived_script_status|keepalived_(advert|become|release|packet|ip|invalid|address|auth|priority).+';

describe('next to keepalived-exporter', needs('promtool'), () => {
  it.each(['2.2.7/master', '2.2.7/backup'])('has the same of the dump %s', async (recorded) => {
    const instances = readCounted(recorded);
    const theirs = theirSeries(instances);
    const ours = await ourSamples(instances);
    expect(await testMigration(folder, ours, theirs, theirNames)).toBe('');
    for (const name of [
      'keepalived_vrrp_errors_total',
      'keepalived_vrrp_state',
      'keepalived_vrrp_became_master_total',
    ]) {
      const others = ours.filter(({ metric }) => metric.name !== name);
      expect([name, await testMigration(folder, others, theirs, theirNames)]).not.toEqual([name, '']);
    }
  });

  it('has the same of scripts', async () => {
    const ours = await ourSamples([], readDump('tracking/2.2.7', 'data'));
    const theirs = new Map([['keepalived_script_status{name="chk_service"}', 1]]);
    expect(await testMigration(folder, ours, theirs, 'keepalived_script_status')).toBe('');
  });
});
