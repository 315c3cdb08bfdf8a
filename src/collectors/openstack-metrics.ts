import { gauge } from '../scrape/metric.ts';

export const conntrackZones = gauge(
  'conntrack_zones',
  'Zones of connection tracking that Neutron assigned, by owner: one port, several ports of a network, or unknown (none).',
  ['driver', 'owner'],
);
export const conntrackZonePorts = gauge(
  'conntrack_zone_ports',
  'Ports of virtual machines on this machine, by whether their virtual machine is known and whether they have a zone.',
  ['vm', 'zone'],
);
export const conntrackZoneUnreadDomains = gauge(
  'conntrack_zone_unread_domains',
  'Files of libvirt that could not be read, so their virtual machines are unknown. 0 normally.',
);
export const conntrackZoneEntriesLimit = gauge(
  'conntrack_zone_entries_limit',
  'Maximum number of tracked flows of a zone, set in Open vSwitch; the limit of all other zones that it tracks under zone="default". Absent without a limit.',
  ['zone'],
);
