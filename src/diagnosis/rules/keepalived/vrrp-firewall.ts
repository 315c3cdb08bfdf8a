import { firewallDropsVrrpInfo } from '../../../collectors/firewall/metrics.ts';
import {
  keepalivedVrrpAdvertisementsReceivedTotal,
  keepalivedVrrpUnicastPeers,
} from '../../../collectors/keepalived/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Instance, listInstances } from '../../../readings/vrrp-instances.ts';
import type { AnyFound } from '../../finding.ts';
import { instanceSubject } from '../../subjects.ts';

/** A director that does not hear the other one becomes master too; one that is not heard makes the other one master. */
export function blockedAdvertisements(readings: Readings): AnyFound[] {
  return listInstances(readings).flatMap((instance) => blockedOf(readings, instance));
}

function blockedOf(readings: Readings, instance: Instance): AnyFound[] {
  const { state, labels } = instance;
  const cast = (readings.value(keepalivedVrrpUnicastPeers, labels) ?? 0) > 0 ? 'unicast' : 'multicast';
  const rules = readings.all(firewallDropsVrrpInfo, { family: labels.family ?? 'ipv4', cast });
  const isHeard = (readings.rise(keepalivedVrrpAdvertisementsReceivedTotal, labels) ?? 0) > 0;
  const isRunning = state === 'master' || state === 'backup';
  if (rules.length === 0 || !isRunning || isHeard) return [];
  const dropping = rules.map(({ labels: { chain = '', tool = '' } }) => ({ chain, tool }));
  const severity = state === 'master' ? 'critical' : 'warning';
  return [
    {
      id: 'keepalived-advertisements-blocked',
      severity,
      subject: instanceSubject(instance),
      numbers: {},
      details: { dropping },
    },
  ];
}
