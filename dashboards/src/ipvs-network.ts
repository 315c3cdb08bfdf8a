import { largest } from './choice.ts';
import { own } from './query.ts';
import { machineName } from './short-names.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';

const half = { width: 12, height: 8 } as const;

/** What direct return needs of the network settings. */
export const networkPanels = [
  table({
    ...half,
    title: 'Network settings',
    description: 'Forwarding and filtering of the machine as a whole.',
    noValue: 'Not read on these machines',
    labels: [machineColumn, { label: 'name', heading: 'Setting' }],
    columns: [{ heading: 'Value', expr: `network_setting{${own}}`, unit: 'none', width: 70 }],
  }),
  table({
    ...half,
    title: 'Settings of interfaces',
    description:
      'A real server that has a virtual address wants arp_ignore 1 and arp_announce 2, so that it does not answer ' +
      'for it. A strict rp_filter (1) drops packets whose source is routed elsewhere.',
    noValue: 'Not read on these machines',
    labels: [
      machineColumn,
      { label: 'interface', heading: 'Interface', width: 150 },
      { label: 'name', heading: 'Setting', width: 130 },
    ],
    columns: [{ heading: 'Value', expr: `network_interface_setting{${own}}`, unit: 'none', width: 70 }],
  }),
  table({
    ...half,
    title: 'Addresses that ARP should not announce',
    description:
      'On a loopback or dummy device, in the network of an interface: as the virtual address of a real server.',
    noValue: 'None on these machines, or they were not read',
    labels: [machineColumn, { label: 'address', heading: 'Address' }],
    columns: [{ heading: 'Interface', expr: `network_hidden_address_info{${own}}`, showLabel: 'interface' }],
  }),
  timeSeries({
    title: 'Dropped by the reverse path filter',
    description:
      'Packets whose source is not routed back through the interface that they came from. 0 on a healthy machine.',
    ...half,
    unit: 'pps',
    queries: [largest(`rate(network_reverse_path_filtered_total{${own}}[$__rate_interval])`, machineName)],
    noValue: 'Not read on these machines',
  }),
];
