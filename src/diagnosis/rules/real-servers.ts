import { ipvsVirtualServerRealServers, ipvsVirtualServerWeight } from '../../collectors/ipvs/metrics.ts';
import { several } from '../../readings/format.ts';
import { isStandby, ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { identityOf, nameVirtualServer, serviceOption } from '../../readings/virtual-servers.ts';
import type { Finding } from '../finding.ts';

/** Virtual servers that give new connections to nobody. */
export function emptyVirtualServers(readings: Readings): Finding[] {
  return readings.all(ipvsVirtualServerRealServers).flatMap(({ labels, value: realServers }) => {
    const weight = readings.value(ipvsVirtualServerWeight, identityOf(labels));
    if (weight === undefined || weight > 0) return [];
    const name = nameVirtualServer(labels);
    const why = realServers === 0 ? 'has no real servers' : 'has no real server with a weight above 0';
    return [
      {
        id: 'no-real-servers',
        subject: name,
        urgency: isStandby(readings) ? 'warning' : 'critical',
        title: `The virtual server ${name} ${why}`,
        evidence: [`${several(realServers, 'real server')}, weights that add up to 0`],
        consequence: 'Nobody takes its new connections: clients are refused, or wait in vain.',
        remedies: [
          {
            title: 'Look at the real servers and at what keepalived says of them',
            by: ownerOf(readings),
            commands: [
              `ipvsadm -L -n ${serviceOption(labels)}`,
              'journalctl -u keepalived --since -1h | grep -i -E "removing|adding|quorum|check"',
            ],
            tradeOff: 'It only looks.',
            undo: [],
          },
        ],
        runbook: realServers === 0 ? 'IpvsServiceWithoutRealServers' : 'IpvsServiceWeightZero',
      },
    ];
  });
}
