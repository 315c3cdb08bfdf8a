import type { Checks, See } from './checks.ts';
import { type Exporter, startExporter } from './cluster/exporter.ts';
import { startKeepalived } from './cluster/keepalived.ts';
import { startNginx } from './cluster/nginx.ts';
import { type Node, readTopology, type ShelfAddresses } from './cluster/node.ts';
import { type Prometheus, startPrometheus } from './cluster/prometheus.ts';

/** The cluster at work. */
export interface Cluster {
  readonly vip: string;
  /** The addresses of shelf's services. */
  readonly shelf: ShelfAddresses;
  readonly see: See;
  readonly print: Checks['print'];
  node(name: string): Node;
}

/** The cluster with an exporter on every node in `observed`, scraped by Prometheus: what a scenario works with. */
export interface Lab extends Cluster {
  readonly prometheus: Prometheus;
  exporter(name: string): Exporter;
}

export const observed = ['compute', 'director1', 'director2', 'shelf'] as const;

/** Starts the daemons of the cluster. Does not wait until they work: see ready.ts. */
export function startCluster({ see, print }: Checks): Cluster {
  const { vip, shelf, nodes } = readTopology();
  const node = (name: string) => find(nodes, name);
  for (const name of ['rs1', 'rs2', 'tenant']) startNginx(node(name));
  for (const name of ['director1', 'director2']) startKeepalived(node(name));
  return { vip, shelf, see, print, node };
}

export async function startMonitoring(cluster: Cluster): Promise<Lab> {
  const { node } = cluster;
  const exporters = new Map(observed.map((name) => [name as string, startExporter(node(name))]));
  const prometheus = await startPrometheus(node('monitor'), observed.map(node));
  return { ...cluster, prometheus, exporter: (name) => find(exporters, name) };
}

function find<Thing>(things: ReadonlyMap<string, Thing>, name: string): Thing {
  const thing = things.get(name);
  if (thing === undefined) throw new RangeError(`Unknown node "${name}": expected ${[...things.keys()].join(', ')}`);
  return thing;
}
