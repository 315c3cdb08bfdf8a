import { formatSeries, type Series } from '../cluster/series.ts';

/** What the referees speak of. Of these series the exporter must have theirs, no more and no less. */
const refereed = [
  /^ipvs_(connections|(incoming|outgoing)_(packets|bytes))_total$/,
  /^ipvs_(timeout_seconds|sync_daemon_(running|info))$/,
  /^ipvs_virtual_server_(info|real_servers|weight|\w+_total)$/,
  /^ipvs_real_server_(weight|\w+_connections|\w+_threshold|tunnel_info|\w+_total)$/,
  /^conntrack_(entries|\w+_total)$/,
];

/** Of what an exporter reports, that which a referee reports too. */
export function selectRefereed(exported: readonly Series[]): Map<string, number> {
  const series = exported.filter(({ name }) => refereed.some((pattern) => pattern.test(name)));
  return new Map(series.map((one) => [formatSeries(one), one.value]));
}
