import { ipvsSetting } from '../../../collectors/ipvs/metrics.ts';
import { type Change, sysctlPlan } from '../../commands/sysctl.ts';
import type { FindingId } from '../../facts.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type RemedyKind, type Some } from '../../remedy.ts';

interface SettingRemedy {
  readonly finding: FindingId;
  readonly name: string;
  readonly to: number;
  readonly title: string;
  readonly tradeOff: string;
}

/** Sets one setting below net.ipv4.vs, where it has another value. */
function setIpvs({ finding, name, to, title, tradeOff }: SettingRemedy): RemedyKind {
  const setting = `net.ipv4.vs.${name}`;
  return {
    docs: 'ipvs-settings',
    effect: 'cure',
    preconditions: ['sysctl-writable'],
    plan: (readings, found) => {
      const from = readings.value(ipvsSetting, { name });
      if (found.id !== finding || from === undefined || from === to) return undefined;
      const changes = sysctlPlan(readings, [{ setting, from, to }], readings.netns);
      return { owner: ownerOf(readings), title, ...changes, tradeOff, verify: [`sysctl ${setting}`] };
    },
  };
}

export const expireLostConnections = setIpvs({
  finding: 'ipvs-connections-without-real-server',
  name: 'expire_nodest_conn',
  to: 1,
  title: 'End connections whose real server is gone at their next packet',
  tradeOff:
    'Their clients begin again with another real server. A server that returns within seconds has lost its connections.',
});

export const expireTemplates = setIpvs({
  finding: 'ipvs-drained-server-gets-packets',
  name: 'expire_quiescent_template',
  to: 1,
  title: 'Let persistence end with weight 0',
  tradeOff:
    'New connections of its clients go to other real servers, where they have no session. Those that are open go on.',
});

export const fragmentForTunnels = setIpvs({
  finding: 'ipvs-tunnel-packets-too-long',
  name: 'pmtu_disc',
  to: 0,
  title: 'Have IPVS fragment what is too long for a tunnel',
  tradeOff:
    'Real servers reassemble fragments, and lose a packet with each fragment. A larger MTU, or a smaller MSS on the real servers, needs no fragments.',
});

export const reusePorts = setIpvs({
  finding: 'ipvs-port-reuse-delays',
  name: 'conn_reuse_mode',
  to: 0,
  title: 'Let a port that is used again go on with its old connection',
  tradeOff:
    'Such a client stays with its real server, also while that one is drained. kube-proxy sets the same on these kernels.',
});

export const settingsOfKubeProxy: RemedyKind = {
  docs: 'ipvs-settings',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    if (found.id !== 'kube-proxy-settings-changed') return undefined;
    const [first, ...rest] = found.details.settings.map(
      ({ name, presentSetting: from, neededSetting: to }): Change => ({ setting: `net.ipv4.vs.${name}`, from, to }),
    );
    if (first === undefined) return undefined;
    const changes: Some<Change> = [first, ...rest];
    return {
      owner: ownerOf(readings),
      title: 'Set what kube-proxy sets, and find what changes it',
      ...sysctlPlan(readings, changes, readings.netns),
      tradeOff: 'Clients of removed pods begin again with other pods.',
      persistent: {
        none: 'kube-proxy sets it when it starts: remove it from /etc/sysctl.d, or from the profile of tuned.',
      },
      verify: mapSome(changes, ({ setting }) => `sysctl ${setting}`),
    };
  },
};
