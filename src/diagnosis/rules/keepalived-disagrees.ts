import { ipvsRealServerWeight } from '../../collectors/ipvs/metrics.ts';
import {
  keepalivedRealServerDisagreement,
  keepalivedRealServerEffectiveWeight,
  keepalivedRealServerUp,
  keepalivedSorryServerInUse,
  keepalivedVirtualServerDisagreement,
} from '../../collectors/keepalived-checkers/metrics.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import {
  identityOf,
  nameRealServer,
  nameVirtualServer,
  serverAddress,
  serverOption,
  serviceOption,
} from '../../readings/virtual-servers.ts';
import type { Sample } from '../../scrape/metric.ts';
import type { Finding, Remedy } from '../finding.ts';

type Labels = Sample['labels'];

/** Virtual and real servers that are not in the kernel as keepalived has put them there. */
export function keepalivedDisagrees(readings: Readings): Finding[] {
  return [
    ...readings.all(keepalivedVirtualServerDisagreement).map(({ labels }) => virtualServer(readings, labels)),
    ...readings.all(keepalivedRealServerDisagreement).flatMap(({ labels }) => realServer(readings, labels)),
  ];
}

function virtualServer(readings: Readings, labels: Labels): Finding {
  const name = nameVirtualServer(labels);
  const isMissing = labels.reason === 'missing';
  return {
    id: 'keepalived-disagrees',
    subject: name,
    urgency: isMissing ? 'critical' : 'info',
    title: isMissing
      ? `keepalived serves ${name}, but IPVS does not have it`
      : `IPVS has the virtual server ${name}, which keepalived does not know`,
    evidence: [`${keepalivedVirtualServerDisagreement.name} is 1 for reason "${labels.reason}"`],
    consequence: isMissing ? 'Its clients are refused.' : 'Nobody checks its real servers.',
    remedies: isMissing ? [restart(readings)] : [],
    runbook: 'KeepalivedKernelDisagrees',
  };
}

function restart(readings: Readings): Remedy {
  return {
    title: 'Restart keepalived, which sets up IPVS anew',
    by: ownerOf(readings),
    commands: ['systemctl restart keepalived'],
    tradeOff: 'Another director takes over for a moment, and this one forgets its connections.',
    undo: [],
  };
}

/** What is wrong, and the commands that set it right and take it back. */
interface Difference extends Pick<Remedy, 'commands' | 'undo'> {
  readonly what: string;
  readonly consequence: string;
}

function realServer(readings: Readings, labels: Labels): Finding[] {
  const { reason = '', ...own } = labels;
  const difference = describeDifference(readings, own, reason);
  if (difference === undefined) return [];
  const { what, consequence, commands, undo } = difference;
  const [name, service] = [nameRealServer(labels), nameVirtualServer(labels)];
  return [
    {
      id: 'keepalived-disagrees',
      subject: `${service} ${name}`,
      urgency: 'warning',
      title: `The real server ${name} of ${service} ${what}`,
      evidence: [...sayKeepalived(readings, own), sayKernel(readings, own)],
      consequence,
      remedies: [
        {
          title: `Set IPVS right for ${name}`,
          by: ownerOf(readings),
          commands,
          tradeOff: 'If somebody set it by hand for a reason, that is undone.',
          undo,
        },
      ],
      runbook: 'KeepalivedKernelDisagrees',
    },
  ];
}

function describeDifference(readings: Readings, labels: Labels, reason: string): Difference | undefined {
  const [service, server, address] = [serviceOption(labels), serverOption(labels), serverAddress(labels)];
  const kernel = findInKernel(readings, labels);
  const weight = kernel?.value ?? 0;
  const wanted = wantedWeight(readings, labels);
  const remove = `ipvsadm -d ${service} ${address}`;
  switch (reason) {
    case 'missing':
      return {
        what: 'is up, but IPVS does not have it',
        consequence: 'It gets no connections; the others get its share.',
        commands: [`ipvsadm -a ${service} ${server} -w ${wanted}`],
        undo: [remove],
      };
    case 'unwanted':
    case 'unmanaged':
      return {
        what:
          reason === 'unwanted'
            ? 'was taken out by keepalived, but is in IPVS'
            : 'is in IPVS, but keepalived does not know it',
        consequence: 'Nobody checks it: when it fails, it goes on getting connections.',
        commands: [remove],
        undo: [`ipvsadm -a ${service} ${server} -w ${weight}`],
      };
    case 'weight':
      return {
        what: `has the weight ${weight} in IPVS, where keepalived set ${wanted}`,
        consequence:
          weight === 0
            ? 'It gets no new connections; the others get its share.'
            : 'It gets another share of the connections than it should.',
        commands: [`ipvsadm -e ${service} ${server} -w ${wanted}`],
        undo: [`ipvsadm -e ${service} ${server} -w ${weight}`],
      };
    case 'forward':
      return {
        what: `is reached in another way than keepalived set: ${kernel?.labels.forward}, not ${labels.forward}`,
        consequence: 'It gets packets that it does not take, or answers on a way that does not work.',
        commands: [`ipvsadm -e ${service} ${server} -w ${weight}`],
        undo: [`ipvsadm -e ${service} ${serverOption(kernel?.labels ?? labels)} -w ${weight}`],
      };
  }
  return undefined;
}

/** Where both have it, they need not agree on how it is reached. */
function findInKernel(readings: Readings, labels: Labels): Sample | undefined {
  const { real_address = '', real_port = '' } = labels;
  return readings.all(ipvsRealServerWeight, { ...identityOf(labels), real_address, real_port })[0];
}

function wantedWeight(readings: Readings, labels: Labels): number {
  const isUp = readings.is(keepalivedRealServerUp, labels);
  const isReplaced = readings.is(keepalivedSorryServerInUse, identityOf(labels));
  return isUp && !isReplaced ? (readings.value(keepalivedRealServerEffectiveWeight, labels) ?? 0) : 0;
}

function sayKeepalived(readings: Readings, labels: Labels): string[] {
  const up = readings.value(keepalivedRealServerUp, labels);
  const weight = readings.value(keepalivedRealServerEffectiveWeight, labels);
  return up === undefined ? [] : [`keepalived: ${up === 1 ? 'up' : 'down'}, weight ${weight} when up`];
}

function sayKernel(readings: Readings, labels: Labels): string {
  const kernel = findInKernel(readings, labels);
  return kernel === undefined ? 'IPVS: not there' : `IPVS: weight ${kernel.value}, ${kernel.labels.forward}`;
}
