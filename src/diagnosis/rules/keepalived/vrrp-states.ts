import { keepalivedUp, keepalivedVrrpFaultInfo } from '../../../collectors/keepalived/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Instance, listInstances } from '../../../readings/vrrp-instances.ts';
import type { AnyFound } from '../../finding.ts';
import { instanceSubject } from '../../subjects.ts';

/** VRRP instances that could not take over. */
export function cannotTakeOver(readings: Readings): AnyFound[] {
  return [
    ...keepalivedStopped(readings),
    ...listInstances(readings).flatMap((instance) => faultState(readings, instance)),
  ];
}

function keepalivedStopped(readings: Readings): AnyFound[] {
  const stopped = readings.all(keepalivedUp).filter(({ value }) => value === 0);
  return stopped.flatMap(({ labels: { daemon } }): AnyFound[] => {
    const instances = listInstances(readings)
      .filter(({ labels }) => labels.daemon === daemon)
      .map(({ name }) => name);
    if (instances.length === 0) return [];
    const subject = { daemon: daemon ?? '' };
    const numbers = { lastInstances: instances.length };
    return [{ id: 'keepalived-down', severity: 'critical', subject, numbers, details: { instances } }];
  });
}

function faultState(readings: Readings, instance: Instance): AnyFound[] {
  if (instance.state !== 'fault') return [];
  const causes = readings
    .all(keepalivedVrrpFaultInfo, instance.labels)
    .map(({ labels: { reason = '', cause = '' } }) => ({ reason, cause }));
  const subject = instanceSubject(instance);
  return [{ id: 'vrrp-fault', severity: 'critical', subject, numbers: {}, details: { causes } }];
}
