import type { Census } from '../../flows/census/census.ts';
import { type Holder, largestHolder } from '../../flows/census/holders.ts';
import type { FlowSample } from '../../flows/forecast/turnover/flow-sampler.ts';
import { portOfMost } from '../../flows/forecast/turnover/port-of-most.ts';
import type { FindOwner, FlowOwner } from '../../openstack/owner.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { labelsOfDestination } from './destination-samples.ts';
import { largestHolderEntries } from './metrics.ts';

/**
 * What holds most of the table, in a single series: an alert names it.
 *
 * @param flows of the same reading.
 * @param showSources whether the address of a source may leave this machine.
 */
export function sampleLargestHolder(
  census: Census,
  flows: FlowSample,
  findOwner: FindOwner,
  showSources: boolean,
): Sample[] {
  const holder = largestHolder(census);
  if (holder === undefined) return [];
  const labels = { kind: holder.kind, ...nothing, ...labelsOf(holder, flows, showSources) };
  return [sample(largestHolderEntries, holder.entries, { ...labels, ...labelsOfOwner(ownerOf(holder, findOwner)) })];
}

const nothing = { protocol: '', address: '', port: '', zone: '', state: '' };

function labelsOf(holder: Holder, flows: FlowSample, showSources: boolean): Partial<typeof nothing> {
  switch (holder.kind) {
    case 'destination':
      return labelsOfDestination(holder.destination);
    case 'source': {
      const { address, zone, port } = holder.source;
      const peer = port ? { protocol: port.protocol, port: String(port.port) } : {};
      return { zone: String(zone), ...peer, ...(showSources && { address }) };
    }
    case 'zone':
      return { zone: String(holder.zone) };
    case 'state': {
      const { protocol, state } = holder;
      return { protocol, state, port: String(portOfMost(flows, protocol, state) ?? '') };
    }
  }
}

function ownerOf(holder: Holder, findOwner: FindOwner): FlowOwner | undefined {
  switch (holder.kind) {
    case 'destination':
      return findOwner(holder.destination);
    case 'source':
      return findOwner(holder.source);
    case 'zone':
      return findOwner({ zone: holder.zone, address: '' });
    case 'state':
      return undefined;
  }
}

function labelsOfOwner(owner: FlowOwner | undefined) {
  const { device = '', domain } = owner?.port ?? {};
  return { device, vm: domain?.instanceName ?? '', project: domain?.project ?? '' };
}
