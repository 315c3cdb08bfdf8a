import { counter, gauge } from '../scrape/metric.ts';

export const networkSetting = gauge('network_setting', 'A setting below net, as it is: ipv4.ip_forward.', ['name']);
export const networkInterfaceSetting = gauge(
  'network_interface_setting',
  'A setting below net.ipv4.conf of an interface that has an IPv4 route, or of all, as it is.',
  ['interface', 'name'],
);
export const networkReversePathFilteredTotal = counter(
  'network_reverse_path_filtered_total',
  'Packets dropped because their source is not routed back through the interface that they came from (rp_filter).',
);
export const networkHiddenAddressInfo = gauge(
  'network_hidden_address_info',
  'An address on a loopback or dummy device that belongs to the network of an interface, as the VIP of a real server. Always 1.',
  ['address', 'interface'],
);
