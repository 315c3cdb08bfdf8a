import { gauge } from '../../scrape/metric.ts';

export const prerequisitesToolInstalled = gauge(
  'prerequisites_tool_installed',
  'Whether a command that remedies use is installed.',
  ['tool'],
);
export const prerequisitesSysctlWritable = gauge(
  'prerequisites_sysctl_writable',
  'Whether /proc/sys is mounted for writing. In most containers it is not.',
);
export const prerequisitesSettingOwnerRunning = gauge(
  'prerequisites_setting_owner_running',
  'Whether a program that sets timeouts and limits of connection tracking, or rules of the firewall, runs or is enabled.',
  ['owner'],
);
export const prerequisitesSettingFileInfo = gauge(
  'prerequisites_setting_file_info',
  'The file that sets a kernel setting of the network when the machine starts: of several, the last, which wins. Always 1.',
  ['setting', 'file', 'manager'],
);
export const prerequisitesSilentNeighbourInfo = gauge(
  'prerequisites_silent_neighbour_info',
  'IPv4 address of a network of this host for which the kernel asks now, or asked last, without an answer (ARP). gateway is "default" for that of the first default route, otherwise empty. Always 1.',
  ['address', 'interface', 'gateway'],
);
export const prerequisitesOwnAddressInfo = gauge('prerequisites_own_address_info', 'Addresses of this host.', [
  'address',
]);
