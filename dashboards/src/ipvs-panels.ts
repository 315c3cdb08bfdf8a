import { ipvsVirtualServerInfo, ipvsVirtualServerTraffic } from '../../src/collectors/ipvs/metrics.ts';
import { largest } from './choice.ts';
import { details } from './links.ts';
import type { PanelOptions, SizedPanel } from './panel.ts';
import { own, type Query } from './query.ts';
import { clusterName } from './short-names.ts';
import { timeSeries } from './time-series.ts';

export const noServices = 'No IPVS services on these machines, or they were not read';

/** Matches the series of machines where kube-proxy or kube-router manages IPVS. */
export const onKubernetes = `on (job, cluster, instance) lvs_platform_info{${own},kube_proxy!=""}`;

/** The name of a virtual server in a legend, for series that went through named(). */
export const serviceName = '{{name}} {{protocol}} {{address}} {{port}} {{family}}';

/** A virtual server of a firewall mark has no address: the mark takes its place. */
export function named(series: string): string {
  return `label_replace(${series}, "address", "firewall mark $1", "fwmark", "(.+)")`;
}

const serviceLabels = 'protocol, address, port, fwmark, family';

/** Adds the name of the virtual server to series that the machines which are picked export. */
export function withName(series: string): string {
  return `(${series}) * on (job, cluster, instance, ${serviceLabels}) group_left (name) ${ipvsVirtualServerInfo.name}{${own}}`;
}

/** Adds up what the directors of a pair have of each of the largest virtual servers. Two clusters may have the same address. */
export function largestServices(series: string): Query {
  return largest(series, `${serviceName} ${clusterName}`, {
    by: `cluster, ${serviceLabels}`,
    draw: (chosen) => named(`sum by (cluster, ${serviceLabels}, name) (${withName(chosen)})`),
  });
}

export function perSecond(counter: string, matchers: string): string {
  return `rate(${counter}{${matchers}}[$__rate_interval])`;
}

export function connectionsOfServices(
  size: Pick<PanelOptions, 'width' | 'height' | 'links'>,
  matchers = own,
): SizedPanel {
  return timeSeries({
    ...size,
    title: 'New connections by service',
    description:
      'Connections that IPVS scheduled. One-way on every stateful hop that the replies bypass: there ' +
      'each of them holds an entry until its timer ends.',
    unit: 'cps',
    queries: [largestServices(perSecond(ipvsVirtualServerTraffic.connections.name, matchers))],
    stacked: true,
    noValue: noServices,
    links: size.links ?? [details('ipvs')],
  });
}
