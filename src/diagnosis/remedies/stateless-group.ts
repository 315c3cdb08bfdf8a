import type { Remedy } from '../finding.ts';
import { quote } from './shell.ts';

const group = 'lvs-director-stateless';

/** Ports that Linux chooses for what it asks itself: net.ipv4.ip_local_port_range. */
const answers = '32768:60999';

/**
 * The only remedy that a tenant of OpenStack can apply alone. Without a state nothing tells an answer from a request, so
 * what a director waits for has to be let in besides what it serves.
 */
export function statelessGroup({ protocol = '', port = '' }: Readonly<Record<string, string>>): Remedy {
  return {
    title: 'Give the ports of this instance a stateless security group',
    by: 'tenant',
    commands: [
      `openstack security group create --stateless ${group}`,
      ...['IPv4', 'IPv6'].flatMap((family) => [
        letIn(family, `--protocol ${quote(protocol || 'tcp')}${port === '' ? '' : ` --dst-port ${quote(port)}`}`),
        letIn(family, '--protocol tcp --dst-port 22'),
        letIn(family, '--protocol 112'),
        letIn(family, `--protocol ${family === 'IPv4' ? 'icmp' : 'ipv6-icmp'}`),
        letIn(family, `--protocol tcp --dst-port ${answers}`),
        letIn(family, `--protocol udp --dst-port ${answers}`),
      ]),
      forEachPort(
        `openstack port show "$port" -f value -c security_group_ids | grep -oE '[0-9a-f-]{36}' >"groups-of-$port"`,
      ),
      forEachPort(`openstack port set --no-security-group --security-group ${group} "$port"`),
    ],
    tradeOff:
      'It lets in this service, ssh, VRRP, ICMP and answers to what the instance asks: add what else it serves, before the last command. Everybody can send to the ports of answers. With the native Open vSwitch firewall it has no effect. It takes the host name for the name of the instance.',
    undo: [
      forEachPort(`openstack port set --no-security-group $(sed 's/^/--security-group /' "groups-of-$port") "$port"`),
      `openstack security group delete ${group}`,
    ],
  };
}

function letIn(family: string, what: string): string {
  return `openstack security group rule create --ingress --ethertype ${family} ${what} ${group}`;
}

function forEachPort(command: string): string {
  return `for port in $(openstack port list --server "$(hostname)" -f value -c ID); do ${command}; done`;
}
