import { gauge } from '../scrape/metric.ts';

export const conntrackZones = gauge(
  'conntrack_zones',
  'Zones of connection tracking that Neutron chose, by what they are for: one port, several ports of a network, or nothing that is known (none).',
  ['driver', 'owner'],
);
export const conntrackZonePorts = gauge(
  'conntrack_zone_ports',
  'Ports of virtual machines on this machine, by whether their virtual machine is known and whether they have a zone.',
  ['vm', 'zone'],
);
export const conntrackZoneUnreadDomains = gauge(
  'conntrack_zone_unread_domains',
  'Files of libvirt that could not be read, so that nothing is known of their virtual machines. 0 normally.',
);
export const conntrackZoneEntriesLimit = gauge(
  'conntrack_zone_entries_limit',
  'Tracked flows that a zone may have, as Open vSwitch limits it; the limit of all other zones that it tracks under zone="default". Absent where there is no limit.',
  ['zone'],
);
