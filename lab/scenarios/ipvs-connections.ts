import { formatSeries } from '../cluster/series.ts';
import { type SyncDaemon, syncConnections, withSyncDaemon } from '../cluster/synced-connections.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

const few = 2000;
/** Fewer than a scan may read, so that its time alone can end it: this kernel walks the table again for each 4 KiB. */
const many = 80_000;
const scanSeconds = 2;
const lifetimeSeconds = 30;
const backup: SyncDaemon = { role: 'backup', interface: 'eth0', syncId: 0 };

export const ipvsConnections: Scenario = {
  name: 'ipvs-connections',
  shows:
    'a backup counts the connections that the master sent it; a scan that takes too long reads a part and reports that',
  run: async (lab) => {
    const [client, shelf] = [lab.node('client'), lab.node('shelf')];
    await withSyncDaemon(shelf, backup, async () => {
      await syncConnections(client, few, lifetimeSeconds);
      await lab.see(
        `all ${few} connections sent to shelf are counted, to a real server that it does not have and close to their end`,
        () => readScan(lab),
        ({ synced, lost, idle, truncated }) => synced === few && lost === few && idle === few && truncated === 0,
      );
      await syncConnections(client, many, lifetimeSeconds);
      await lab.see(
        `of ${many} a part is counted in the ${scanSeconds} s that a scan has`,
        () => readScan(lab),
        ({ synced, truncated, seconds }) => synced > 0 && synced < many && truncated === 1 && seconds >= scanSeconds,
      );
    });
    await lab.see(
      'they are gone when their time is over',
      () => readScan(lab),
      ({ synced, truncated }) => synced === 0 && truncated === 0,
      { withinSeconds: 3 * lifetimeSeconds },
    );
  },
};

interface Scan {
  readonly synced: number;
  readonly lost: number;
  readonly idle: number;
  readonly truncated: number;
  readonly seconds: number;
}

async function readScan({ exporter }: Lab): Promise<Scan> {
  const series = new Map((await exporter('shelf').metrics()).map((one) => [formatSeries(one), one.value]));
  const read = (name: string, labels = {}) => series.get(formatSeries({ name, labels })) ?? Number.NaN;
  return {
    synced: read('ipvs_connection_entries', { protocol: 'tcp', state: 'established', origin: 'sync' }),
    lost: read('ipvs_connections_without_real_server', { protocol: 'tcp' }),
    idle: read('ipvs_connection_idle_entries'),
    truncated: read('ipvs_connection_scan_truncated'),
    seconds: read('ipvs_connection_scan_duration_seconds'),
  };
}
