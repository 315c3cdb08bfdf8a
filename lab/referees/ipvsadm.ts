import type { Node } from '../cluster/node.ts';
import { formatSeries } from '../cluster/series.ts';
import { type Row, readListing } from './ipvsadm-listing.ts';

const forwards: Readonly<Record<string, string>> = {
  Route: 'direct',
  Tunnel: 'tunnel',
  Masq: 'masquerade',
  Local: 'local',
};

/** The columns of each listing, as the exporter calls them. */
const columns = {
  servers: ['forward', 'weight', 'active_connections', 'inactive_connections'],
  traffic: [
    ...['connections_total', 'incoming_packets_total', 'outgoing_packets_total'],
    ...['incoming_bytes_total', 'outgoing_bytes_total'],
  ],
  persistence: ['weight', 'persistent_connections'],
  thresholds: ['upper_threshold', 'lower_threshold'],
};

type SeriesEntry = readonly [name: string, value: number];

/** What ipvsadm says of a node's services, as the series that the exporter should have. */
export async function readIpvsadm(node: Node): Promise<Map<string, number>> {
  const servers = await readListing(node);
  const traffic = await readListing(node, '--stats', '--exact');
  const persistence = await readListing(node, '--persistent-conn');
  const thresholds = await readListing(node, '--thresholds');
  const ofRealServers = addForward(servers);
  return new Map([
    ...seriesOf('ipvs_real_server', ofRealServers(servers), columns.servers),
    ...seriesOf('ipvs_real_server', ofRealServers(traffic), columns.traffic),
    ...seriesOf('ipvs_real_server', ofRealServers(persistence), columns.persistence),
    // A threshold of 0 is none.
    ...seriesOf('ipvs_real_server', ofRealServers(thresholds), columns.thresholds).filter(([, value]) => value > 0),
    ...seriesOf('ipvs_virtual_server', traffic.filter(isVirtualServer), columns.traffic),
    ...countRealServers(servers),
  ]);
}

/** Of any listing the rows of real servers, with the label that only the plain listing shows. */
function addForward(servers: readonly Row[]): (rows: readonly Row[]) => Row[] {
  const forwardOf = new Map(servers.map((row) => [identify(row), forwards[row.columns[0] ?? ''] ?? '']));
  const withForward = (row: Row) => ({ ...row.realServer, forward: forwardOf.get(identify(row)) ?? '' });
  return (rows) => rows.filter((row) => !isVirtualServer(row)).map((row) => ({ ...row, realServer: withForward(row) }));
}

function isVirtualServer({ realServer }: Row): boolean {
  return realServer === undefined;
}

function identify({ virtualServer, realServer }: Row): string {
  return formatSeries({ name: '', labels: { ...virtualServer, ...realServer } });
}

/** One series for each row and each column that holds a number. */
function seriesOf(prefix: string, rows: readonly Row[], names: readonly string[]): SeriesEntry[] {
  const entries = rows.flatMap(({ virtualServer, realServer, columns }) => {
    const labels = { ...virtualServer, ...realServer };
    return names.map(
      (name, index) => [formatSeries({ name: `${prefix}_${name}`, labels }), Number(columns[index])] as const,
    );
  });
  return entries.filter(([, value]) => !Number.isNaN(value));
}

/** How many real servers a virtual server has and the sum of their weights: 0 and 0 for one that is empty. */
function countRealServers(rows: readonly Row[]): Map<string, number> {
  const series = new Map<string, number>();
  for (const {
    virtualServer: labels,
    realServer,
    columns: [, weight],
  } of rows) {
    const servers = formatSeries({ name: 'ipvs_virtual_server_real_servers', labels });
    const weights = formatSeries({ name: 'ipvs_virtual_server_weight', labels });
    series.set(servers, (series.get(servers) ?? 0) + (realServer ? 1 : 0));
    series.set(weights, (series.get(weights) ?? 0) + (realServer ? Number(weight) : 0));
  }
  return series;
}
