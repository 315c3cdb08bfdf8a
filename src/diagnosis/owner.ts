import { lvsPlatformInfo } from '../collectors/platform/metrics.ts';
import { isDirector } from '../readings/machine.ts';
import type { Readings } from '../readings/readings.ts';

/**
 * Who can apply a remedy: the tenant inside the virtual machine, the operator of the host, or the team that runs the
 * platform (OpenStack, Kubernetes) and owns its settings.
 */
export type Owner = 'tenant' | 'operator' | 'platform team';

/** Who may change this machine: the tenant whose virtual machine it is, or the operator of the host. */
export function ownerOf(readings: Readings): Owner {
  const [info] = readings.all(lvsPlatformInfo);
  const virtualization = info?.labels.virtualization ?? 'none';
  return isDirector(readings) && virtualization !== 'none' ? 'tenant' : 'operator';
}
