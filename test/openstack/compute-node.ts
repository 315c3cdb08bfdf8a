import { readdirSync, readFileSync } from 'node:fs';
import type { Machine } from '../machine.ts';

const folder = new URL('../fixtures/openstack/', import.meta.url);

export function readFixture(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** The files of libvirt, as they are on a machine. */
export const domainFiles: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(new URL('libvirt', folder)).map((name) => [`/run/libvirt/qemu/${name}`, readFixture(`libvirt/${name}`)]),
);

/** A compute node under each of Neutron's drivers. */
export const computeNodes = {
  hybrid: { files: domainFiles, rawTables: readFixture('iptables-raw.txt'), openVSwitch: readFixture('hybrid.json') },
  openvswitch: { files: domainFiles, openVSwitch: readFixture('openvswitch.json') },
  ovn: { files: domainFiles, openVSwitch: readFixture('ovn.json') },
} satisfies Record<string, Machine>;
