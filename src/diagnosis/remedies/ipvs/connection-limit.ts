import { lvsPlatformMemoryBytes } from '../../../collectors/platform/metrics.ts';
import { limitFor } from '../../../plan/sizing.ts';
import { bytes, count } from '../../../readings/format.ts';
import { sysctlPlan } from '../../commands/sysctl.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';
import { maxMemoryRatio } from '../conntrack/table-size.ts';

/** `IP_VS_CONN_MAX` of a 64-bit kernel. */
const maxConnections = 2 ** 30;

/** `struct ip_vs_conn` with the 16 buckets that the default load factor has for it. */
const bytesPerConnection = 512;

export const largerIpvsLimit: RemedyKind = {
  docs: 'a-limit-of-ipvs-connections',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    if (found.id !== 'ipvs-connections-nearly-full') return undefined;
    const { presentConnections, limitConnections: from } = found.numbers;
    const to = Math.min(limitFor(presentConnections), maxConnections);
    const memory = readings.value(lvsPlatformMemoryBytes) ?? Number.POSITIVE_INFINITY;
    const needed = to * bytesPerConnection;
    if (to <= from || needed > maxMemoryRatio * memory) return undefined;
    return {
      owner: ownerOf(readings),
      title: `Raise the connection limit of IPVS to ${count(to)}`,
      ...sysctlPlan(readings, [{ setting: 'net.ipv4.vs.conn_max', from, to }], readings.netns),
      tradeOff: `Takes up to ${bytes(needed)} of memory when used. If the number of connections keeps growing, this only buys time.`,
      verify: ['sysctl net.ipv4.vs.conn_max', 'lvs-exporter diagnose'],
    };
  },
};

/** `ipvsadm -L -n -c`: protocol, time, state, source, virtual server, real server. */
const clients = `awk 'NR > 2 { sub(/:[0-9]+$/, "", $4); print $4 }' | sort | uniq -c | sort -rn | head`;

export const lookAtConnections: RemedyKind = {
  docs: 'a-limit-of-ipvs-connections',
  effect: 'look',
  preconditions: ['ipvsadm-installed'],
  plan: (readings) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title: 'Show which virtual servers and which clients have most of the connections',
    commands: ['ipvsadm -L -n', `ipvsadm -L -n -c | ${clients}`],
    verify: ['lvs-exporter diagnose'],
  }),
};
