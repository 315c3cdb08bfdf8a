import {
  keepalivedVrrpAddressBound,
  keepalivedVrrpAdvertisementsReceivedTotal,
  keepalivedVrrpState,
} from '../../src/collectors/keepalived/metrics.ts';

/**
 * What alerts and dashboards hold of pairs of directors. A pair is found by the virtual address that they share, within
 * a cluster where targets have that label: a VRID is only unique on its segment, and a fleet uses the same one often.
 */

/** The labels by which series of one VRRP instance meet. */
export const vrrpInstance = 'job, cluster, instance, daemon, instance_name, interface, vrid, family';
/** The labels by which directors meet that have one virtual address. */
export const vip = 'cluster, job, address';

/** Link-local addresses are the same on every segment, loopback ones on every machine: they do not make a pair. */
export const shared = 'address!~"fe[89ab].:.*|169[.]254[.].*|127[.].*|::1"';

/** Selects the series of a metric by these matchers, and by those that every selector has. */
export type Select = (metric: string, ...matchers: readonly string[]) => string;

/** Vectors with one element for each virtual address. */
export interface Pairs {
  /** How many directors are master. */
  readonly masters: string;
  /** 0 for those of exporters that do not answer. */
  readonly silent: string;
  /** Advertisements that backups heard within a minute. */
  readonly heard: string;
}

/** 1 for each virtual address of a VRRP instance that is master, 0 for those of others. */
export function isMasterOf(select: Select, ...addresses: readonly string[]): string {
  return perAddress(select, addresses, select(keepalivedVrrpState.name, 'state="master"'));
}

/** @param isMaster As of `isMasterOf`. One director may have the address in several instances. */
export function mastersOf(isMaster: string): string {
  return `sum by (${vip}) (max by (${vip}, instance) (${isMaster}))`;
}

/** @param series With an element for each virtual address, as exporters last reported it. */
export function silentOf(select: Select, series: string): string {
  return `sum by (${vip}) (last_over_time(${series}[1h]) * 0 and on (job, cluster, instance) ${select('up')} == 0)`;
}

export function heardOf(select: Select): string {
  const received = `increase(${select(keepalivedVrrpAdvertisementsReceivedTotal.name)}[1m])`;
  const backup = select(keepalivedVrrpState.name, 'state="backup"');
  return `sum by (${vip}) (${perAddress(select, [], `(${received} * ignoring (state) ${backup})`)})`;
}

/** Virtual addresses for which no exporter reports a master, and no director receives advertisements. */
export function withoutMaster({ masters, silent, heard }: Pairs): string {
  return `(${masters} == 0 or ${silent} unless on (${vip}) ${masters} > 0) unless on (${vip}) ${heard} > 0`;
}

export function withSeveralMasters({ masters }: Pairs): string {
  return `${masters} > 1`;
}

/** Gives each virtual address of a VRRP instance the value that the instance has. */
function perAddress(select: Select, addresses: readonly string[], series: string): string {
  const bound = select(keepalivedVrrpAddressBound.name, ...addresses);
  return `${bound} * 0 + on (${vrrpInstance}) group_left () ${series}`;
}
