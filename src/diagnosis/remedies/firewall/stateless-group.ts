import { quoteShell } from '../../commands/shell.ts';
import type { RemedyKind } from '../../remedy.ts';

const group = 'lvs-director-stateless';

/** Ports that Linux chooses for what it asks itself: net.ipv4.ip_local_port_range. */
const replies = '32768:60999';

/**
 * The only remedy that a tenant of OpenStack can apply alone. Without a state nothing distinguishes a reply from a request, so
 * the replies that a director waits for must be let in as well as its services.
 */
export const statelessSecurityGroup: RemedyKind = {
  docs: 'stateless-security-groups',
  effect: 'cure',
  preconditions: [],
  plan: (_, { subject: { service } }) =>
    service && {
      owner: 'tenant',
      title: 'Give the ports of this instance a stateless security group',
      commands: [
        `openstack security group create --stateless ${group}`,
        ...['IPv4', 'IPv6'].flatMap((family) => rulesFor(family, service.protocol || 'tcp', service.port)),
        forEachPort(
          `openstack port show "$port" -f value -c security_group_ids | grep -oE '[0-9a-f-]{36}' >"groups-of-$port"`,
        ),
        forEachPort(`openstack port set --no-security-group --security-group ${group} "$port"`),
      ],
      tradeOff:
        'The group accepts this service, ssh, VRRP, ICMP and replies to the instance itself: before the last command, add rules for its other services. Every host can send to the ports of replies. With the native Open vSwitch firewall, the group has no effect. The commands use the host name as the name of the instance.',
      undo: [
        forEachPort(`openstack port set --no-security-group $(sed 's/^/--security-group /' "groups-of-$port") "$port"`),
        `openstack security group delete ${group}`,
      ],
      persistent: { none: 'Nothing to do: OpenStack stores security groups.' },
      verify: ['lvs-exporter diagnose'],
    },
};

function rulesFor(family: string, protocol: string, port: string): string[] {
  return [
    `--protocol ${quoteShell(protocol)}${port === '' ? '' : ` --dst-port ${quoteShell(port)}`}`,
    '--protocol tcp --dst-port 22',
    '--protocol 112',
    `--protocol ${family === 'IPv4' ? 'icmp' : 'ipv6-icmp'}`,
    `--protocol tcp --dst-port ${replies}`,
    `--protocol udp --dst-port ${replies}`,
  ].map((what) => `openstack security group rule create --ingress --ethertype ${family} ${what} ${group}`);
}

function forEachPort(command: string): string {
  return `for port in $(openstack port list --server "$(hostname)" -f value -c ID); do ${command}; done`;
}
