import { nameServer, nameService } from '../../identity/virtual-server.ts';
import { count, percent, several } from '../../readings/format.ts';
import { nameSubject } from './subject.ts';
import type { Wording } from './words.ts';

type DirectorFinding =
  | 'first-packets-only'
  | 'ipvs-connections-nearly-full'
  | 'ipvs-conntrack-on'
  | 'director-tracks-flows'
  | 'ipvs-service-without-real-servers'
  | 'ipvs-service-weight-zero'
  | 'keepalived-kernel-disagrees';

const noServer = {
  notice: 'Users notice now: the service does not answer.',
  consequence: 'No server takes its new connections: clients are refused, or wait without result.',
} as const;

/** IPVS, the load balancer in the kernel, and what it needs of its host. */
export const directorWording: Wording<DirectorFinding> = {
  'first-packets-only': ({ subject, numbers: { receivedPackets, newConnections } }) => ({
    title: `Connections to ${nameSubject(subject)} get no further than their first packet`,
    notice: 'Users notice now: they cannot connect.',
    evidence: [`${count(receivedPackets)} packets of ${count(newConnections)} connections since the previous reading`],
    consequence:
      'A firewall upstream of this load balancer drops what it considers INVALID: with direct server return, every packet but the first. Or it is a SYN flood.',
  }),
  'ipvs-connections-nearly-full': ({ numbers: { presentConnections, limitConnections } }) => {
    const isFull = presentConnections >= limitConnections;
    return {
      title: isFull
        ? 'IPVS, the load balancer in the kernel, refuses new connections: it has as many as its limit'
        : `IPVS, the load balancer in the kernel, has ${percent(presentConnections / limitConnections)} of the connections that its limit allows`,
      notice: isFull ? 'Users notice now: new connections fail.' : 'Users notice at the limit: new connections fail.',
      evidence: [`${count(presentConnections)} connections, net.ipv4.vs.conn_max = ${limitConnections}`],
      consequence: 'At the limit, the kernel refuses every new connection, without a counter and without a log line.',
    };
  },
  'ipvs-conntrack-on': ({ numbers: { trackedEntries } }) => ({
    title: 'The load balancer tracks the connections that it forwards: net.ipv4.vs.conntrack is 1',
    notice: 'Users notice nothing.',
    evidence: ['net.ipv4.vs.conntrack = 1', `${count(trackedEntries)} tracked connections to its own virtual servers`],
    consequence:
      'Each connection takes an entry of the connection tracking table in addition to that of IPVS, and only one direction of it is seen.',
  }),
  'director-tracks-flows': ({ details: { destinations } }) => ({
    title: 'The load balancer tracks connections to its own virtual servers, although net.ipv4.vs.conntrack is 0',
    notice: 'Users notice if these connections fail.',
    evidence: destinations.map(
      ({ subject, trackedEntries }) => `${nameSubject(subject)}: ${count(trackedEntries)} entries`,
    ),
    consequence:
      'IPVS did not forward these packets: it had no real server for them, or they came while the service did not exist.',
  }),
  'ipvs-service-without-real-servers': ({ subject }) => ({
    title: `The virtual server ${nameSubject(subject)} has no real servers`,
    ...noServer,
    evidence: ['0 real servers'],
  }),
  'ipvs-service-weight-zero': ({ subject, numbers: { totalServers } }) => ({
    title: `The virtual server ${nameSubject(subject)} has no real server with a weight above 0`,
    ...noServer,
    evidence: [`${several(totalServers, 'real server')}, whose weights add up to 0`],
  }),
  'keepalived-kernel-disagrees': (found) => {
    const { subject, numbers, details } = found;
    const service = subject.service ? nameService(subject.service) : 'a virtual server';
    if (details.of === 'virtual server') {
      return details.reason === 'missing'
        ? {
            title: `keepalived serves ${service}, but IPVS does not have it`,
            notice: 'Users notice now: the service refuses them.',
            evidence: [],
            consequence: 'IPVS, the load balancer in the kernel, refuses its clients.',
          }
        : {
            title: `IPVS has the virtual server ${service}, which keepalived does not configure`,
            notice: 'Users notice when one of its real servers fails.',
            evidence: [],
            consequence: 'No daemon checks its real servers.',
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
  what: 'differs between keepalived and IPVS',
  ...unseen,
  consequence: 'IPVS does not do what keepalived is configured to do.',
};

const disagreements: Readonly<Record<string, DisagreementWords>> = {
  missing: {
    what: 'is up, but IPVS does not have it',
    ...unseen,
    consequence: 'It receives no connections; the others receive its share.',
  },
  unwanted: { what: 'was removed by keepalived, but is in IPVS', ...uncheckedServer },
  unmanaged: { what: 'is in IPVS, but keepalived does not configure it', ...uncheckedServer },
  weight: {
    what: 'has another weight in IPVS than keepalived set',
    ...unseen,
    consequence: 'It receives another share of the connections than it should; with weight 0, no new ones.',
  },
  forward: {
    what: 'is reached in another way than keepalived set',
    notice: 'Users notice if its packets or replies get lost.',
    consequence: 'It receives packets that it does not accept, or its replies take a way that does not work.',
  },
};
