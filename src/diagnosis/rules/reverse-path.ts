import { networkReversePathFilteredTotal } from '../../collectors/network-metrics.ts';
import { ownerOf } from '../../readings/machine.ts';
import { type Readings, sayRise } from '../../readings/readings.ts';
import type { Finding } from '../finding.ts';
import { interfaceSetting, listInterfaces, settingInForce } from './interface-settings.ts';

const filtered = networkReversePathFilteredTotal;

/** Values of rp_filter. */
const strict = 1;
const loose = 2;

/** Packets whose source is not routed back where they came in, which is usual with direct return. */
export function reversePathDrops(readings: Readings): Finding[] {
  if ((readings.rise(filtered) ?? 0) === 0) return [];
  const interfaces = listInterfaces(readings).filter((name) => settingInForce(readings, 'rp_filter', name) === strict);
  const before = interfaceSetting(readings, 'rp_filter', 'all');
  return [
    {
      id: 'reverse-path-drops',
      subject: '',
      urgency: 'warning',
      title: 'The reverse path filter drops packets',
      evidence: [
        `From a source that is not routed back where they came in: ${sayRise(readings, filtered)}`,
        ...(interfaces.length > 0 ? [`rp_filter is strict on ${interfaces.join(', ')}`] : []),
      ],
      consequence:
        'Clients whose packets come in on another interface than the way back to them are not served. That is usual with direct return.',
      remedies: [
        {
          title: 'Accept any source that is routed at all, on every interface',
          by: ownerOf(readings),
          commands: [`sysctl -w net.ipv4.conf.all.rp_filter=${loose}`],
          tradeOff: 'Invented sources of other networks of this machine are let in.',
          undo: [`sysctl -w net.ipv4.conf.all.rp_filter=${before}`],
        },
      ],
      runbook: undefined,
    },
  ];
}
