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
  servers: ['forward', 'tunnel', 'weight', 'active_connections', 'inactive_connections'],
  traffic: [
    ...['connections_total', 'incoming_packets_total', 'outgoing_packets_total'],
    ...['incoming_bytes_total', 'outgoing_bytes_total'],
  ],
  persistence: ['weight', 'persistent_connections'],
  thresholds: ['upper_threshold', 'lower_threshold'],
};

/** `sh (sh-fallback,sh-port) persistent 300` */
const schedulingPattern =
  /^(?<scheduler>\S+)(?: \((?<flags>\S+)\))?(?: persistent (?<seconds>\d+)(?: mask \S+)?)?(?<ops> ops)?$/;

type SeriesEntry = readonly [name: string, value: number];

/** What ipvsadm reports about a node's services, as the series that the exporter should have. */
export async function readIpvsadm(node: Node): Promise<Map<string, number>> {
  const servers = await readListing(node, '--tun-info');
  const traffic = await readListing(node, '--stats', '--exact');
  const persistence = await readListing(node, '--persistent-conn');
  const thresholds = await readListing(node, '--thresholds');
  const ofVirtualServers = traffic.filter(isVirtualServer);
  const ofRealServers = addForward(servers);
  return new Map([
    ...seriesOf('ipvs_real_server', ofRealServers(servers), columns.servers),
    ...seriesOf('ipvs_real_server', ofRealServers(traffic), columns.traffic),
    ...seriesOf('ipvs_real_server', ofRealServers(persistence), columns.persistence),
    // A threshold of 0 is none.
    ...seriesOf('ipvs_real_server', ofRealServers(thresholds), columns.thresholds).filter(([, value]) => value > 0),
    ...ofRealServers(servers).flatMap(describeTunnel),
    ...seriesOf('ipvs_virtual_server', ofVirtualServers, columns.traffic),
    ...servers.filter(isVirtualServer).map(describeVirtualServer),
    ...countRealServers(servers),
    ...sumTraffic(ofVirtualServers),
  ]);
}

/** Of any listing the rows of real servers, with the label that only that of all servers shows. */
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
    columns: [, , weight],
  } of rows) {
    const servers = formatSeries({ name: 'ipvs_virtual_server_real_servers', labels });
    const weights = formatSeries({ name: 'ipvs_virtual_server_weight', labels });
    series.set(servers, (series.get(servers) ?? 0) + (realServer ? 1 : 0));
    series.set(weights, (series.get(weights) ?? 0) + (realServer ? Number(weight) : 0));
  }
  return series;
}

/** Columns `Tunnel  gue:6080:-c`, where the port and what follows it depend on the type. */
function describeTunnel({ virtualServer, realServer, columns: [forward, tunnel = ''] }: Row): SeriesEntry[] {
  if (forward !== 'Tunnel') return [];
  const [tunnel_type = '', tunnel_port = '0'] = tunnel.split(':');
  const labels = { ...virtualServer, ...realServer, tunnel_type, tunnel_port };
  return [[formatSeries({ name: 'ipvs_real_server_tunnel_info', labels }), 1]];
}

function describeVirtualServer({ virtualServer, columns: words }: Row): SeriesEntry {
  const { scheduler, flags, seconds, ops } = schedulingPattern.exec(words.join(' '))?.groups ?? {};
  if (scheduler === undefined) throw new SyntaxError(`Cannot parse "${words.join(' ')}" of ipvsadm --list`);
  const allFlags = [ops?.trim(), seconds && 'persistent', flags].filter((word) => word !== undefined);
  const labels = { ...virtualServer, scheduler, flags: allFlags.join(','), persistence_seconds: seconds ?? '' };
  return [formatSeries({ name: 'ipvs_virtual_server_info', labels }), 1];
}

/** What the namespace counts in all, as long as no service was removed since its counters were last zeroed. */
function sumTraffic(rows: readonly Row[]): SeriesEntry[] {
  return columns.traffic.map((name, index) => [
    formatSeries({ name: `ipvs_${name}`, labels: {} }),
    rows.reduce((sum, row) => sum + Number(row.columns[index]), 0),
  ]);
}
