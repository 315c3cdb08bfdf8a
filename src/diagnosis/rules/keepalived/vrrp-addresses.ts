import { keepalivedVrrpAddressBound } from '../../../collectors/keepalived/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Instance, listInstances } from '../../../readings/vrrp-instances.ts';
import type { Found } from '../../finding.ts';
import { instanceSubject } from '../../subjects.ts';

/** Virtual addresses that do not match the state. The machine that has an address answers for it, whatever its VRRP state. */
export function addressesUnlikeState(readings: Readings): Found<'keepalived-address-misplaced'>[] {
  return listInstances(readings).flatMap((instance) => compareAddresses(readings, instance));
}

function compareAddresses(readings: Readings, instance: Instance): Found<'keepalived-address-misplaced'>[] {
  const { state, labels } = instance;
  if (state === undefined) return [];
  return readings
    .all(keepalivedVrrpAddressBound, labels)
    .filter(({ value }) => (state === 'master') !== (value === 1))
    .map(({ labels: { address = '' }, value }) => ({
      id: 'keepalived-address-misplaced',
      severity: 'critical',
      subject: { ...instanceSubject(instance), address },
      numbers: {},
      details: { state, isBound: value === 1 },
    }));
}
