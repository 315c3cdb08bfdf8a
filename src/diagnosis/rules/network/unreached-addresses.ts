import { ipvsVirtualServerTraffic } from '../../../collectors/ipvs/metrics.ts';
import {
  keepalivedVrrpAddressBound,
  keepalivedVrrpLastTransitionTimestampSeconds,
} from '../../../collectors/keepalived/metrics.ts';
import { lvsPlatformInfo } from '../../../collectors/platform/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Instance, listInstances } from '../../../readings/vrrp-instances.ts';
import { collectorLastSuccess } from '../../../scrape/exporter-metrics.ts';
import type { AnyFound } from '../../finding.ts';
import { instanceSubject } from '../../subjects.ts';

/** Clients may be few, but not for so long. */
const minSeconds = 300;

/**
 * OpenStack drops what is for an address that the port of the director does not have, unless it is one of its allowed
 * address pairs. The director sees no packet for it at all.
 */
export function unreachedAddresses(readings: Readings): AnyFound[] {
  const isOpenStack = readings.all(lvsPlatformInfo, { platform: 'openstack' }).length > 0;
  return isOpenStack ? listInstances(readings).flatMap((instance) => unreachedOf(readings, instance)) : [];
}

function unreachedOf(readings: Readings, instance: Instance): AnyFound[] {
  const masterSeconds = secondsInState(readings, instance);
  if (instance.state !== 'master' || masterSeconds === undefined || masterSeconds < minSeconds) return [];
  const bound = readings.all(keepalivedVrrpAddressBound, instance.labels).filter(({ value }) => value === 1);
  return bound.flatMap(({ labels: { address = '' } }): AnyFound[] => {
    const services = readings.all(ipvsVirtualServerTraffic.incomingPackets, { address });
    if (services.length === 0 || sum(services.map(({ value }) => value)) > 0) return [];
    const subject = { ...instanceSubject(instance), address };
    return [
      { id: 'openstack-address-not-reached', severity: 'warning', subject, numbers: { masterSeconds }, details: {} },
    ];
  });
}

function secondsInState(readings: Readings, { labels }: Instance): number | undefined {
  const since = readings.value(keepalivedVrrpLastTransitionTimestampSeconds, labels);
  const now = readings.value(collectorLastSuccess, { collector: 'keepalived' });
  return since === undefined || now === undefined || since === 0 ? undefined : now - since;
}
