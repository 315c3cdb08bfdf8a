import { netlinkUnavailable } from '../../src/host/errors.ts';

const unavailable = Object.keys(netlinkUnavailable).filter((code) => code !== 'ENOENT');

/** What goes on in spite of a fault, and why. Everything else fails, or is absent where its source is. */
export const tolerated = [
  {
    collector: 'conntrack-table',
    call: 'readFile /proc/net/ip_vs',
    faults: ['EIO', 'EACCES', 'empty', 'truncated'],
    why: 'it would only make a verdict quicker, and the ipvs collector complains of it',
  },
  {
    collector: 'conntrack-table',
    call: 'readFile /proc/sys/net/netfilter/nf_conntrack_acct',
    faults: ['EIO', 'EACCES', 'empty', 'truncated'],
    why: 'the rest of the table is worth having, and the conntrack collector complains of it',
  },
  {
    collector: 'conntrack-table',
    call: 'readFile /proc/net/stat/nf_conntrack',
    faults: ['EIO', 'EACCES', 'empty', 'truncated'],
    why: 'the rest of the table is worth having, and the conntrack collector complains of it',
  },
  {
    collector: 'conntrack-table',
    call: 'conntrackCounters',
    faults: ['EIO', 'ENOBUFS', 'ETIMEDOUT', 'truncated message'],
    why: 'the rest of the table is worth having, and the conntrack collector complains of it',
  },
  {
    collector: 'platform',
    call: 'readFile /proc/net/ip_vs',
    faults: ['empty', 'truncated'],
    why: 'one whole row makes a director, none does not, and the ipvs collector complains of it',
  },
  {
    collector: 'network',
    call: 'readFile /proc/net/route',
    faults: ['empty'],
    why: 'the kernel writes nothing, not even the heading, in a namespace that never had a route',
  },
  ...['/proc/net/udp', '/proc/net/udp6'].map((path) => ({
    collector: 'network',
    call: `readFile ${path}`,
    faults: ['EIO', 'EACCES', 'empty', 'truncated'],
    why: 'it only names the ports that drop datagrams, which a counter reports',
  })),
  {
    collector: 'ipvs',
    call: 'readFile /proc/sys/net/ipv4/vs/am_droprate',
    faults: ['EACCES', 'empty'],
    why: 'what only root may read, or is no number, is no setting, and the others are worth having',
  },
  {
    collector: 'openstack',
    call: 'readParts /run/libvirt/qemu/web.xml',
    faults: ['EIO', 'EIO midway', 'empty', 'truncated'],
    why: 'conntrack_zone_unread_domains counts it',
  },
  {
    collector: 'keepalived',
    call: 'keepalived',
    faults: ['empty dumps'],
    why: 'a host passes on whole dumps only: an empty one is that of a keepalived without instances',
  },
  ...['keepalived', 'keepalived-checkers'].map((collector) => ({
    collector,
    call: 'keepalived',
    faults: ['truncated dumps'],
    why: 'a malformed line costs its value, and keepalived_dump_skipped_lines counts it',
  })),
  {
    collector: 'keepalived-dumps',
    call: 'keepalived',
    faults: ['truncated dumps'],
    why: 'while lines are skipped nothing is compared, and keepalived_dump_skipped_lines counts them',
  },
  {
    collector: 'ipvs',
    call: 'readFile /proc/net/ip_vs_status',
    faults: ['EACCES'],
    why: 'the file is for root alone, and the connections of the real servers have to do',
  },
  { collector: 'ipvs', call: 'ipvs', faults: unavailable, why: 'without the privilege the files have to do' },
  { collector: 'ipvs-connections', call: 'ipvs', faults: unavailable, why: 'only the length of a timer is missing' },
  {
    collector: 'keepalived-dumps',
    call: 'ipvs',
    faults: unavailable,
    why: 'without the privilege what the file lacks is missing',
  },
  { collector: 'keepalived', call: 'addresses', faults: unavailable, why: 'without netlink the dumps have to do' },
  { collector: 'keepalived', call: 'neighbours', faults: unavailable, why: 'without netlink the file has to do' },
  { collector: 'network', call: 'addresses', faults: unavailable, why: 'without netlink the settings have to do' },
  { collector: 'openstack', call: 'zoneLimits', faults: unavailable, why: 'without netlink the database has to do' },
  {
    collector: 'ethtool',
    call: 'interfaceStatistics',
    faults: unavailable,
    why: 'where a sandbox refuses the socket, the rest of the machine is worth having',
  },
  ...['conntrack', 'conntrack-table'].map((collector) => ({
    collector,
    call: 'conntrackCounters',
    faults: unavailable,
    why: 'without netlink there are no counters, and the rest is worth having',
  })),
];
