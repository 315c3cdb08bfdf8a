import { keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import type { AnnouncedSubject, Announcements, DumpKind } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import type { VrrpState } from '../../../src/parsers/keepalived/vrrp/vrrp-instance.ts';
import { readDump } from '../../keepalived/fixtures.ts';
import { createHost, type Machine } from '../../machine.ts';

export function dump(folder: string, kind: DumpKind, modifiedSeconds: number) {
  return { text: readDump(folder, kind), modifiedSeconds };
}

/** The lines that the collector gives of a machine, but for that which holds none back. */
export async function collectFrom(machine: Machine): Promise<string[]> {
  const text = await render(await keepalived.collect(createHost(machine)), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && line !== nothingHeldBack);
}

const nothingHeldBack = 'lvs_exporter_series_limited{collector="keepalived"} 0';
export const web = 'instance_name="VI_web",interface="eth0",vrid="51",family="ipv4"';
export const master = `keepalived_vrrp_state{${web},state="master"}`;

/** Where the kernel has the addresses of the first director: one is missing, one is on lo as well, one elsewhere. */
export const addresses = [
  { interface: 'eth0', address: '10.9.0.100' },
  { interface: 'lo', address: '10.9.0.100' },
  { interface: 'eth0', address: '10.9.0.102' },
  { interface: 'eth0', address: 'fe80::9:100' },
  { interface: 'eth0', address: 'fd00:9::100' },
  { interface: 'eth0', address: '10.9.0.120' },
];

export const announced = (name: string, state: VrrpState, seconds: number, more: Partial<AnnouncedSubject> = {}) => ({
  type: 'instance' as const,
  name,
  counts: { [state]: 1 },
  state,
  priority: 77,
  seconds,
  transitionSeconds: seconds,
  ...more,
});
export const announcements: Announcements = {
  listening: true,
  malformedLines: 3,
  subjects: [
    announced('VI_web', 'backup', 1795396000),
    announced('VG_web', 'backup', 1795396000, { type: 'group', priority: 0 }),
  ],
};
