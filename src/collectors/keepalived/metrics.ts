import { counter, gauge } from '../../scrape/metric.ts';

export const instanceLabels = ['instance_name', 'interface', 'vrid', 'family'] as const;
const instanceCounter = (name: `keepalived_vrrp_${string}_total`, help: string) => counter(name, help, instanceLabels);

export const keepalivedNotifyFifoUp = gauge(
  'keepalived_notify_fifo_up',
  'Whether the notify FIFO exists and can be read. Absent without --collector.keepalived.notify-fifo.',
);
export const keepalivedNotifyFifoMalformedLinesTotal = counter(
  'keepalived_notify_fifo_malformed_lines_total',
  'Lines in the notify FIFO that are not announcements of keepalived.',
);
export const keepalivedVrrpNotificationsTotal = counter(
  'keepalived_vrrp_notifications_total',
  'Announcements of a VRRP instance in the notify FIFO: every change of state, however short.',
  ['instance_name', 'event'],
);
export const keepalivedSyncGroupNotificationsTotal = counter(
  'keepalived_sync_group_notifications_total',
  'Announcements of a sync group in the notify FIFO.',
  ['group', 'event'],
);
export const keepalivedUp = gauge(
  'keepalived_up',
  "Whether keepalived's parent process runs in this network namespace.",
);
export const keepalivedInfo = gauge('keepalived_info', 'Version of the running keepalived. Always 1.', ['version']);
export const keepalivedProcessUp = gauge(
  'keepalived_process_up',
  "Whether a process of keepalived runs: vrrp, checker or bfd. 0 for a process that ran before or that the configuration demands. Absent while keepalived's parent process does not run.",
  ['process'],
);
export const keepalivedProcessStartTimeSeconds = gauge(
  'keepalived_process_start_time_seconds',
  'Start time of a process of keepalived. Absent while it does not run.',
  ['process'],
);
export const keepalivedProcessRestartsTotal = counter(
  'keepalived_process_restarts_total',
  "Number of times that the exporter found a process of keepalived replaced by a new one, since keepalived's parent process started. A lower bound: several restarts between two scrapes count as one.",
  ['process'],
);
export const keepalivedDumpTimestampSeconds = gauge(
  'keepalived_dump_timestamp_seconds',
  'Time at which keepalived wrote the dump that values come from. An old one means that keepalived does not answer.',
  ['dump'],
);
export const keepalivedDumpSkippedLines = gauge(
  'keepalived_dump_skipped_lines',
  'Number of lines of a dump that the exporter should understand and cannot. Their values are missing. 0 normally.',
  ['dump'],
);
export const keepalivedVrrpAddressBound = gauge(
  'keepalived_vrrp_address_bound',
  'Whether the kernel has a virtual address on the interface where its VRRP instance sets it when master.',
  [...instanceLabels, 'address'],
);
export const keepalivedVrrpFaultInfo = gauge(
  'keepalived_vrrp_fault_info',
  'Reason why a VRRP instance is in state FAULT: script, file, process, bfd (cause is the name of what fails), sync_group (cause is its name: the cause of another member is exported), interface_down, base_interface_down, duplicate_vrid, no_source_address or configuration. Absent in other states, and where the dump does not show a reason. Always 1.',
  [...instanceLabels, 'reason', 'cause'],
);
export const keepalivedVrrpAddressElsewhereInfo = gauge(
  'keepalived_vrrp_address_elsewhere_info',
  'Another interface that has a virtual address, such as lo on a director that also is a real server. Always 1.',
  [...instanceLabels, 'address', 'device'],
);
export const keepalivedVrrpState = gauge(
  'keepalived_vrrp_state',
  'State of a VRRP instance. 0 for every state while keepalived or its VRRP process does not run.',
  [...instanceLabels, 'state'],
);
export const keepalivedVrrpWantedState = gauge(
  'keepalived_vrrp_wanted_state',
  'State that keepalived wants a VRRP instance to have.',
  [...instanceLabels, 'state'],
);
export const keepalivedVrrpPriority = gauge(
  'keepalived_vrrp_priority',
  'Priority of a VRRP instance: base is the configured one, effective the one with the weights of what it tracks.',
  [...instanceLabels, 'kind'],
);
export const keepalivedVrrpInfo = gauge(
  'keepalived_vrrp_info',
  'VRRP version of an instance, and its type of authentication: none, simple_password, ipsec_ah or hmac. Empty where the dump lacks it. Always 1.',
  [...instanceLabels, 'version', 'authentication'],
);
export const keepalivedVrrpAdvertisementIntervalSeconds = gauge(
  'keepalived_vrrp_advertisement_interval_seconds',
  'Configured time between two advertisements of a VRRP instance.',
  instanceLabels,
);
export const keepalivedVrrpUnicastPeers = gauge(
  'keepalived_vrrp_unicast_peers',
  'Number of unicast peers of a VRRP instance. 0 for an instance that uses multicast.',
  instanceLabels,
);
export const keepalivedVrrpUnicastPeerInfo = gauge(
  'keepalived_vrrp_unicast_peer_info',
  'Address of a unicast peer of a VRRP instance. Always 1.',
  [...instanceLabels, 'peer'],
);
export const keepalivedVrrpUnicastPeerReachable = gauge(
  'keepalived_vrrp_unicast_peer_reachable',
  'Whether a unicast peer answers ARP or neighbour discovery on the interface of its VRRP instance (1), or does not or has no route (0). Absent for an instance that is not master, and for a peer behind a router.',
  [...instanceLabels, 'peer'],
);
export const keepalivedVrrpLastTransitionTimestampSeconds = gauge(
  'keepalived_vrrp_last_transition_timestamp_seconds',
  'Time of the last state change of a VRRP instance.',
  instanceLabels,
);
export const keepalivedVrrpErrorsTotal = counter(
  'keepalived_vrrp_errors_total',
  'Advertisements that a VRRP instance refused. Only the kinds that this keepalived counts.',
  [...instanceLabels, 'kind'],
);
export const keepalivedVrrpBecameMasterTotal = instanceCounter(
  'keepalived_vrrp_became_master_total',
  'Number of times that a VRRP instance became master.',
);
export const keepalivedVrrpReleasedMasterTotal = instanceCounter(
  'keepalived_vrrp_released_master_total',
  'Number of times that a VRRP instance ceased to be master.',
);
export const keepalivedVrrpAdvertisementsReceivedTotal = instanceCounter(
  'keepalived_vrrp_advertisements_received_total',
  'Advertisements received.',
);
export const keepalivedVrrpAdvertisementsSentTotal = instanceCounter(
  'keepalived_vrrp_advertisements_sent_total',
  'Advertisements sent.',
);
export const keepalivedVrrpPriorityZeroReceivedTotal = instanceCounter(
  'keepalived_vrrp_priority_zero_received_total',
  'Advertisements received in which a master resigned.',
);
export const keepalivedVrrpPriorityZeroSentTotal = instanceCounter(
  'keepalived_vrrp_priority_zero_sent_total',
  'Advertisements sent in which a VRRP instance resigned as master.',
);

export const announcementMetrics = [
  keepalivedNotifyFifoUp,
  keepalivedNotifyFifoMalformedLinesTotal,
  keepalivedVrrpNotificationsTotal,
  keepalivedSyncGroupNotificationsTotal,
] as const;

export const vrrpAddressMetrics = [keepalivedVrrpAddressBound, keepalivedVrrpAddressElsewhereInfo] as const;

export const vrrpMetrics = [
  keepalivedVrrpState,
  keepalivedVrrpWantedState,
  keepalivedVrrpFaultInfo,
  keepalivedVrrpPriority,
  keepalivedVrrpInfo,
  keepalivedVrrpAdvertisementIntervalSeconds,
  keepalivedVrrpUnicastPeers,
  keepalivedVrrpUnicastPeerInfo,
  keepalivedVrrpUnicastPeerReachable,
  keepalivedVrrpLastTransitionTimestampSeconds,
  keepalivedVrrpBecameMasterTotal,
  keepalivedVrrpReleasedMasterTotal,
  keepalivedVrrpAdvertisementsReceivedTotal,
  keepalivedVrrpAdvertisementsSentTotal,
  keepalivedVrrpPriorityZeroReceivedTotal,
  keepalivedVrrpPriorityZeroSentTotal,
  keepalivedVrrpErrorsTotal,
] as const;
