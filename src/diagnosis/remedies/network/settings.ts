import { prerequisitesSettingOwnerRunning } from '../../../collectors/prerequisites/metrics.ts';
import { interfaceSetting } from '../../../readings/network/interface-settings.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Change, sysctlPlan } from '../../commands/sysctl.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type RemedyKind, type Some } from '../../remedy.ts';

export const quietArp: RemedyKind = {
  docs: 'network-settings',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    if (found.id !== 'answers-arp') return undefined;
    const changes = found.details.settings.map(
      ({ name, neededSetting }): Change => ({
        setting: `net.ipv4.conf.all.${name}`,
        from: interfaceSetting(readings, name, 'all'),
        to: neededSetting,
      }),
    );
    const [first, ...rest] = changes;
    return (
      first && {
        owner: ownerOf(readings),
        title: 'Stop answering ARP requests for addresses of other devices',
        ...sysctlPlan(readings, [first, ...rest], readings.netns),
        tradeOff: 'Neighbours that have cached the address keep using it for some minutes.',
        verify: [`sysctl ${changes.map(({ setting }) => setting).join(' ')}`],
      }
    );
  },
};

/** Values of rp_filter: 1 is strict, 2 loose. */
const loose = 2;

export const looseReversePath: RemedyKind = {
  docs: 'network-settings',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    const devices = devicesToLoosen(readings, found);
    return {
      owner: ownerOf(readings),
      title: `Accept packets from any source that has a route, on ${devices[0] === 'all' ? 'every interface' : devices.join(', ')} (loose mode)`,
      ...sysctlPlan(
        readings,
        mapSome(devices, (device) => ({
          setting: settingOf(device),
          from: interfaceSetting(readings, 'rp_filter', device),
          to: loose,
        })),
        readings.netns,
      ),
      tradeOff: 'Packets with forged source addresses of other networks of this machine are no longer dropped.',
      verify: ['nstat -az TcpExtIPReversePathFilter'],
    };
  },
};

/** Felix of Calico before 3.12 does not start while the value for all interfaces is 2. */
function devicesToLoosen(readings: Readings, { details }: AnyFound): Some<string> {
  const [first, ...rest] = 'strictInterfaces' in details ? details.strictInterfaces : [];
  const hasCalico = readings.is(prerequisitesSettingOwnerRunning, { owner: 'calico' });
  return hasCalico && first !== undefined ? [first, ...rest] : ['all'];
}

/** The name of a device may have a dot: sysctl takes slashes too. */
function settingOf(device: string): string {
  return device.includes('.') ? `net/ipv4/conf/${device}/rp_filter` : `net.ipv4.conf.${device}.rp_filter`;
}

export const noRedirects: RemedyKind = {
  docs: 'network-settings',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    if (found.id !== 'sends-redirects') return undefined;
    const [first, ...rest] = found.details.interfaces;
    if (first === undefined) return undefined;
    // With slashes, because the name of an interface may have dots.
    const interfaces: Some<string> = [first, ...rest];
    const changes = mapSome(
      interfaces,
      (name): Change => ({ setting: `net/ipv4/conf/${name}/send_redirects`, from: 1, to: 0 }),
    );
    return {
      owner: ownerOf(readings),
      title: 'Stop sending ICMP redirects',
      ...sysctlPlan(readings, changes, readings.netns),
      tradeOff: 'None for a director.',
      verify: ['sysctl -a --pattern send_redirects'],
    };
  },
};

export const forwardPackets: RemedyKind = {
  docs: 'network-settings',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    const interfaces = found.id === 'does-not-forward' ? found.details.interfaces : [];
    const turnOn = (setting: string): Change => ({ setting, from: 0, to: 1 });
    const [first = turnOn('net.ipv4.ip_forward'), ...rest] = interfaces.map((name) =>
      turnOn(`net/ipv4/conf/${name}/forwarding`),
    );
    return {
      owner: ownerOf(readings),
      title:
        interfaces.length === 0
          ? 'Turn on IP forwarding'
          : `If what is behind ${interfaces.join(', ')} uses this host as its gateway, turn on IP forwarding for it`,
      ...sysctlPlan(readings, [first, ...rest], readings.netns),
      tradeOff: 'The machine forwards packets of any host, unless a firewall drops them.',
      verify: ['sysctl net.ipv4.ip_forward'],
    };
  },
};
