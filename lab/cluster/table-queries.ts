import type { Prometheus } from './prometheus.ts';
import { queryOne } from './queries.ts';

/** How full compute's table is and what that costs, in Prometheus. */
export async function queryFullness(prometheus: Prometheus) {
  const rise = (counter: string) => queryOne(prometheus, `sum(increase(${counter}{instance="compute"}[10s]))`);
  return {
    entries: await queryOne(prometheus, 'conntrack_entries{instance="compute"}'),
    limit: await queryOne(prometheus, 'conntrack_entries_limit{instance="compute"}'),
    fullInSeconds: await queryOne(prometheus, 'conntrack_full_in_seconds{instance="compute"}'),
    evictedLately: Math.round(await rise('conntrack_early_drop_total')),
    droppedLately: Math.round(await rise('conntrack_drop_total')),
  };
}

/** Parts of compute's table by what was seen of the entries. */
export async function queryShares(prometheus: Prometheus) {
  const all = 'sum(conntrack_table_entries{instance="compute"})';
  const share = async (labels: string) => {
    const part = `sum(conntrack_table_entries{instance="compute",${labels}})`;
    return Number((await queryOne(prometheus, `${part} / ${all}`)).toFixed(3));
  };
  return { assured: await share('replied="yes",assured="yes"'), unreplied: await share('replied="no"') };
}

/** Result and time of the last scan of compute's table, from one and the same scrape. */
export async function queryForecast({ query }: Prometheus): Promise<{ inSeconds: number; scannedAt: number }> {
  const names = ['conntrack_full_in_seconds', 'conntrack_scan_timestamp_seconds'];
  const series = await query(`{__name__=~"${names.join('|')}",instance="compute"}`);
  const [inSeconds, scannedAt] = names.map((name) => series.find((one) => one.name === name)?.value);
  if (inSeconds === undefined || scannedAt === undefined) throw new Error('Prometheus has no forecast of compute');
  return { inSeconds, scannedAt };
}
