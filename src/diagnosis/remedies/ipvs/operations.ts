import type { OtherServiceManager } from '../../../identity/service-managers.ts';
import { findServiceManager, type ServiceManager } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import { quoteShell } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** After that time the first keepalive is sent, and so many more if none is answered, by default. */
const probes = 9;
const probeSeconds = 75;

export const longerIpvsTimeout: RemedyKind = {
  docs: 'ipvs-timeouts',
  effect: 'cure',
  preconditions: ['ipvsadm-installed'],
  plan: (readings, found) => {
    if (found.id !== 'ipvs-timeout-below-keepalive') return undefined;
    const { timeoutSeconds, keepaliveSeconds } = found.numbers;
    const seconds = keepaliveSeconds + probes * probeSeconds;
    return {
      owner: ownerOf(readings),
      title: 'Keep idle connections until their keepalives had time to be answered',
      commands: [`ipvsadm --set ${seconds} 0 0`],
      tradeOff:
        'Connections of clients that disappeared without closing also stay this long and take memory. The timeout applies from the next packet of a connection.',
      undo: [`ipvsadm --set ${timeoutSeconds} 0 0`],
      persistent: { none: keepTimeout(readings, seconds) },
      verify: ['ipvsadm -L --timeout'],
    };
  },
};

/** Where whatever sets up the virtual servers has an option for the timer. */
function keepTimeout(readings: Readings, seconds: number): string {
  const ways = {
    keepalived: `keepalived: \`lvs_timeouts tcp ${seconds}\` in global_defs.`,
    'kube-proxy': `kube-proxy: --ipvs-tcp-timeout=${seconds}s.`,
    'kube-router': 'kube-router has no option for it: run the command when the machine starts.',
    'docker-swarm':
      'Docker has no option for it, and forgets it when it creates the namespace again. Have the containers send keepalives in time instead: `docker service update --sysctl-add net.ipv4.tcp_keepalive_time=600 SERVICE`.',
  } as const satisfies Record<Exclude<ServiceManager, OtherServiceManager>, string>;
  const manager = findServiceManager(readings);
  const otherwise = 'run the command when the machine starts.';
  if (manager !== undefined) return manager in ways ? ways[manager as keyof typeof ways] : `${manager}: ${otherwise}`;
  return `${ways.keepalived} ${ways['kube-proxy']} Otherwise ${otherwise}`;
}

export const lookAtSynchronization: RemedyKind = {
  docs: 'synchronization-of-connections',
  effect: 'look',
  preconditions: ['ipvsadm-installed'],
  plan: (readings) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title: 'Compare the synchronization threads of both directors, and see whether messages arrive',
    commands: [
      'ipvsadm -L --daemon',
      'sysctl net.ipv4.vs.sync_ports net.ipv4.vs.sync_sock_size',
      'timeout 10 tcpdump -n -c 10 -i any udp port 8848',
    ],
    verify: ['lvs-exporter diagnose'],
  }),
};

export const allowAddress: RemedyKind = {
  docs: 'allowed-address-pairs',
  effect: 'cure',
  preconditions: [],
  plan: (_, { id, subject: { address } }) =>
    id !== 'openstack-address-not-reached' || address === undefined
      ? undefined
      : {
          owner: 'tenant',
          title: `Allow the port of each director to have ${address}; PORT is the port of this instance`,
          commands: [
            'openstack port show PORT -c allowed_address_pairs -c port_security_enabled',
            `openstack port set --allowed-address ip-address=${quoteShell(address)} PORT`,
          ],
          tradeOff: 'The instance may send and receive with this address as well.',
          undo: [`openstack port unset --allowed-address ip-address=${quoteShell(address)} PORT`],
          persistent: { none: 'OpenStack keeps it.' },
          verify: [`timeout 10 tcpdump -n -c 5 -i any dst host ${quoteShell(address)}`],
        },
};
