import { nameServer, nameService } from '../../identity/virtual-server.ts';
import { count, percent, several } from '../../readings/format.ts';
import { nameSubject } from './subject.ts';
import type { Wording } from './words.ts';

type DirectorFinding =
  | 'first-packets-only'
  | 'ipvs-connections-nearly-full'
  | 'ipvs-counters-frozen'
  | 'ipvs-conntrack-on'
  | 'director-tracks-flows'
  | 'ipvs-service-without-real-servers'
  | 'ipvs-service-weight-zero'
  | 'keepalived-kernel-disagrees';

const noServer = {
  notice: 'Users notice now: the service does not answer.',
  consequence: 'No real server takes new connections: clients are refused or time out.',
} as const;

/** IPVS, the load balancer in the kernel, and what it needs of its host. */
export const directorWording: Wording<DirectorFinding> = {
  'first-packets-only': ({ subject, numbers: { receivedPackets, newConnections } }) => ({
    title: `Only the first packet of each connection to ${nameSubject(subject)} arrives`,
    notice: 'Users notice now: they cannot connect.',
    evidence: [
      `${count(receivedPackets)} packets in ${count(newConnections)} new connections since the previous reading`,
    ],
    consequence:
      'A firewall upstream of this load balancer drops the packets that it considers INVALID: with direct server return, every packet after the first. A SYN flood looks the same.',
  }),
  'ipvs-connections-nearly-full': ({ numbers: { presentConnections, limitConnections } }) => {
    const isFull = presentConnections >= limitConnections;
    return {
      title: isFull
        ? 'IPVS, the load balancer in the kernel, refuses new connections: it is at its connection limit'
        : `IPVS, the load balancer in the kernel, is at ${percent(presentConnections / limitConnections)} of its connection limit`,
      notice: isFull ? 'Users notice now: new connections fail.' : 'Users notice at the limit: new connections fail.',
      evidence: [`${count(presentConnections)} connections, net.ipv4.vs.conn_max = ${limitConnections}`],
      consequence: 'At the limit, the kernel refuses every new connection, without a counter and without a log line.',
    };
  },
  'ipvs-counters-frozen': ({ details: { setting } }) => ({
    title: 'IPVS, the load balancer in the kernel, does not update the counters of its services',
    notice: 'Users notice nothing.',
    evidence: [setting.endsWith('est_cpulist') ? `${setting} is empty: no CPU adds up the counters` : `${setting} = 0`],
    consequence:
      'The counters of virtual servers and real servers stand still, so they are left out. Totals come from the counters of the CPUs, which go on.',
  }),
  'ipvs-conntrack-on': ({ numbers: { trackedEntries } }) => ({
    title: 'The load balancer tracks the connections that it forwards: net.ipv4.vs.conntrack is 1',
    notice: 'Users do not notice.',
    evidence: ['net.ipv4.vs.conntrack = 1', `${count(trackedEntries)} tracked connections to its own virtual servers`],
    consequence:
      'Each connection takes an entry in the connection tracking table in addition to its IPVS entry. With direct server return, connection tracking sees only one direction of it.',
  }),
  'director-tracks-flows': ({ details: { destinations } }) => ({
    title: 'The load balancer tracks connections to its own virtual servers, although net.ipv4.vs.conntrack is 0',
    notice: 'Users notice if these connections fail.',
    evidence: destinations.map(
      ({ subject, trackedEntries }) => `${nameSubject(subject)}: ${count(trackedEntries)} entries`,
    ),
    consequence:
      'IPVS did not forward these packets: it had no real server for them, or they arrived while the virtual server did not exist.',
  }),
  'ipvs-service-without-real-servers': ({ subject }) => ({
    title: `The virtual server ${nameSubject(subject)} has no real servers`,
    ...noServer,
    evidence: ['0 real servers'],
  }),
  'ipvs-service-weight-zero': ({ subject, numbers: { totalServers }, details: { fallback } }) =>
    fallback === undefined
      ? {
          title: `The virtual server ${nameSubject(subject)} has no real server with a weight above 0`,
          ...noServer,
          evidence: [`${several(totalServers, 'real server')}, whose weights add up to 0`],
        }
      : {
          title: `The virtual server ${nameSubject(subject)} sends all clients to its fallback server ${fallback}`,
          notice: 'Users notice now: they are sent to the fallback server.',
          evidence: [`${several(totalServers - 1, 'other real server')}, whose weights add up to 0`],
          consequence: 'No other real server takes new connections.',
        },
  'keepalived-kernel-disagrees': (found) => {
    const { subject, numbers, details } = found;
    const service = subject.service ? nameService(subject.service) : 'a virtual server';
    if (details.of === 'virtual server') {
      return details.reason === 'missing'
        ? {
            title: `keepalived configures the virtual server ${service}, but IPVS does not have it`,
            notice: 'Users notice now: their connections are refused.',
            evidence: [],
            consequence: 'IPVS, the load balancer in the kernel, does not forward these connections.',
          }
        : {
            title: `IPVS has the virtual server ${service}, which keepalived does not configure`,
            notice: 'Users notice when one of its real servers fails.',
            evidence: [],
            consequence: 'No daemon checks its real servers: when one fails, it still receives connections.',
          };
    }
    const server = subject.realServer ? nameServer(subject.realServer) : 'a real server';
    const { what, notice, consequence } = disagreements[details.reason] ?? unknownDisagreement;
    const { kernelWeight, wantedWeight = 0 } = numbers;
    const state =
      details.isUp === undefined ? [] : [`keepalived: ${details.isUp ? 'up' : 'down'}, weight ${wantedWeight}`];
    return {
      title: `The real server ${server} of ${service} ${what}`,
      notice,
      evidence: [
        ...state,
        kernelWeight === undefined ? 'IPVS: absent' : `IPVS: weight ${kernelWeight}, ${details.kernelForward}`,
      ],
      consequence,
    };
  },
};

interface DisagreementWords {
  readonly what: string;
  readonly notice: string;
  readonly consequence: string;
}

const unseen = { notice: 'Users notice only if the other real servers are busy.' };
const uncheckedServer = {
  notice: 'Users notice when it fails.',
  consequence: 'No daemon checks it: when it fails, it still receives connections.',
};
const unknownDisagreement: DisagreementWords = {
  what: 'is not the same in keepalived and IPVS',
  ...unseen,
  consequence: 'IPVS does not do what keepalived configures.',
};

const disagreements: Readonly<Record<string, DisagreementWords>> = {
  missing: {
    what: 'is up according to keepalived, but IPVS does not have it',
    ...unseen,
    consequence: 'It receives no connections; the others receive its share.',
  },
  unwanted: { what: 'was removed by keepalived, but IPVS still has it', ...uncheckedServer },
  unmanaged: { what: 'is in IPVS, but keepalived does not configure it', ...uncheckedServer },
  weight: {
    what: 'has another weight in IPVS than keepalived set',
    ...unseen,
    consequence: 'It receives another share of the connections than it should; with weight 0, no new ones.',
  },
  forward: {
    what: 'has another forwarding method in IPVS than keepalived set',
    notice: 'Users notice if its packets or replies get lost.',
    consequence: 'The real server may refuse the packets, or its replies may get lost on the way back.',
  },
};
