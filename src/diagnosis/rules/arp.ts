import { networkHiddenAddressInfo } from '../../collectors/network-metrics.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Finding } from '../finding.ts';
import { interfaceSetting, settingInForce } from './interface-settings.ts';

/** 0: an interface tells every address of the machine; 1 and up: only those that it has itself. */
const leastArpIgnore = 1;
/** 2: the best address for the target, never the VIP that a packet carries as its source. */
const leastArpAnnounce = 2;

/** A real server has the VIP too, but must leave it to the director to answer for it. */
export function answersArp(readings: Readings): Finding[] {
  return readings.all(networkHiddenAddressInfo).flatMap(({ labels }) => tellsAddress(readings, labels));
}

function tellsAddress(readings: Readings, labels: Readonly<Record<string, string>>): Finding[] {
  const { address = '', interface: device = '' } = labels;
  const wrong = [
    { name: 'arp_ignore', least: leastArpIgnore },
    { name: 'arp_announce', least: leastArpAnnounce },
  ].filter(({ name, least }) => settingInForce(readings, name, device) < least);
  if (wrong.length === 0) return [];
  return [
    {
      id: 'answers-arp',
      subject: address,
      urgency: 'warning',
      title: `This machine tells the network of ${device} that it has ${address}, which belongs to the director`,
      evidence: wrong.map(
        ({ name, least }) =>
          `${name} is ${settingInForce(readings, name, device)} on ${device}, and has to be ${least}`,
      ),
      consequence: 'Clients and routers now and then send here what is for the director, which no longer balances it.',
      remedies: [
        {
          title: 'Keep quiet about addresses of other devices',
          by: ownerOf(readings),
          commands: wrong.map(({ name, least }) => `sysctl -w net.ipv4.conf.all.${name}=${least}`),
          tradeOff: 'Neighbours that have learned it already ask again only after some minutes.',
          undo: wrong.map(
            ({ name }) => `sysctl -w net.ipv4.conf.all.${name}=${interfaceSetting(readings, name, 'all')}`,
          ),
        },
      ],
      runbook: undefined,
    },
  ];
}
