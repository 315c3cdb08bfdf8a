import type { Host } from '../../host/host.ts';
import { listProcessNames } from '../../host/process-names.ts';
import { type OtherServiceManager, otherServiceManagers } from '../../identity/service-managers.ts';

/** By the names that the kernel has for their processes: at most 15 characters. */
const programs: Readonly<Record<OtherServiceManager, readonly string[]>> = {
  ldirectord: ['ldirectord'],
  seesaw: ['seesaw_engine', 'seesaw_ncc'],
  gorb: ['gorb'],
  'kube-vip': ['kube-vip'],
};

/** Empty where none of them runs, processes are not shown, or the machine has no virtual servers. */
export async function findOtherServiceManager(host: Host, hasServices: boolean): Promise<OtherServiceManager | ''> {
  if (!hasServices) return '';
  const running = await listProcessNames(host);
  return otherServiceManagers.find((name) => programs[name].some((program) => running.has(program))) ?? '';
}
