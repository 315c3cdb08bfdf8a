import { networkSetting } from '../../../collectors/network/metrics.ts';
import { prerequisitesOwnAddressInfo } from '../../../collectors/prerequisites/metrics.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { sysctlPlan } from '../../commands/sysctl.ts';
import { nameTarget, targetOf } from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

/** For a service of this host itself: what it forwards has the queue of another host. */
export const synCookies: RemedyKind = {
  docs: 'syn-cookies',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    const target = targetOf(found);
    const from = readings.value(networkSetting, { name: 'ipv4.tcp_syncookies' });
    if (target === undefined || target.netns !== undefined || from !== 0) return undefined;
    if (!readings.is(prerequisitesOwnAddressInfo, { address: target.address })) return undefined;
    return {
      owner: ownerOf(readings),
      title: `Turn on SYN cookies, so that ${nameTarget(target)} accepts clients while its listen queue is full`,
      ...sysctlPlan(readings, [{ setting: 'net.ipv4.tcp_syncookies', from, to: 1 }], undefined),
      tradeOff:
        'While the queue is full, new connections without TCP timestamps have no window scaling. The number of table entries does not change: it depends on their timeout.',
      verify: [commandInNamespace(readings.netns, 'nstat -az TcpExtSyncookiesSent TcpExtListenDrops')],
    };
  },
};
