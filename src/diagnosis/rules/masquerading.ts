import { ipvsRealServerWeight } from '../../collectors/ipvs/metrics.ts';
import { networkSetting } from '../../collectors/network-metrics.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Finding } from '../finding.ts';
import { quote } from '../remedies/shell.ts';
import { interfaceSetting, listInterfaces } from './interface-settings.ts';

/**
 * What a director with masqueraded real servers needs besides. Their answers are forwarded in the ordinary way, which what
 * IPVS forwards direct is not: that needs no ip_forward, and is never redirected.
 */
export function masqueradesWrong(readings: Readings): Finding[] {
  if (readings.all(ipvsRealServerWeight, { forward: 'masquerade' }).length === 0) return [];
  return [...redirects(readings), ...doesNotForward(readings)];
}

function redirects(readings: Readings): Finding[] {
  const on = ['all', ...listInterfaces(readings)].filter(
    (name) => interfaceSetting(readings, 'send_redirects', name) === 1,
  );
  if (forwarding(readings) !== 1 || on.length === 0) return [];
  const write = (name: string, value: number) => `sysctl -w ${quote(settingPath(name, 'send_redirects'))}=${value}`;
  return [
    {
      id: 'sends-redirects',
      subject: '',
      urgency: 'info',
      title: 'The director may tell real servers a shorter way to clients of their own network',
      evidence: [`send_redirects is on for ${on.join(', ')}`, 'It has masqueraded real servers'],
      consequence: 'A masqueraded answer that takes the shorter way comes from the wrong address, and is refused.',
      remedies: [
        {
          title: 'Send no redirects',
          by: ownerOf(readings),
          commands: on.map((name) => write(name, 0)),
          tradeOff: 'None for a director.',
          undo: on.map((name) => write(name, 1)),
        },
      ],
      runbook: undefined,
    },
  ];
}

/** With slashes, because the name of an interface may have dots. */
function settingPath(interfaceName: string, name: string): string {
  return `net/ipv4/conf/${interfaceName}/${name}`;
}

function doesNotForward(readings: Readings): Finding[] {
  if (forwarding(readings) !== 0) return [];
  return [
    {
      id: 'does-not-forward',
      subject: '',
      urgency: 'critical',
      title: 'The director does not forward, and so loses the answers of masqueraded real servers',
      evidence: ['net.ipv4.ip_forward is 0', 'It has masqueraded real servers'],
      consequence: 'Clients of masqueraded services get no answer.',
      remedies: [
        {
          title: 'Forward',
          by: ownerOf(readings),
          commands: ['sysctl -w net.ipv4.ip_forward=1'],
          tradeOff: 'The machine forwards for everybody, unless a firewall says otherwise.',
          undo: ['sysctl -w net.ipv4.ip_forward=0'],
        },
      ],
      runbook: undefined,
    },
  ];
}

function forwarding(readings: Readings): number | undefined {
  return readings.value(networkSetting, { name: 'ipv4.ip_forward' });
}
