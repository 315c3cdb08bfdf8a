import { ipvsRealServerWeight } from '../../../collectors/ipvs/metrics.ts';
import {
  keepalivedRealServerDisagreement,
  keepalivedRealServerEffectiveWeight,
  keepalivedRealServerUp,
  keepalivedSorryServerInUse,
  keepalivedVirtualServerDisagreement,
} from '../../../collectors/keepalived-checkers/metrics.ts';
import { identityOf } from '../../../identity/virtual-server.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import { realServerSubject, serviceSubject } from '../../subjects.ts';

type Labels = Sample['labels'];
type Disagrees = Found<'keepalived-kernel-disagrees'>;

/** Virtual and real servers that are not in the kernel as keepalived has put them there. */
export function keepalivedDisagrees(readings: Readings): Disagrees[] {
  return [
    ...readings.all(keepalivedVirtualServerDisagreement).map(({ labels }) => virtualServer(labels)),
    ...readings.all(keepalivedRealServerDisagreement).map(({ labels }) => realServer(readings, labels)),
  ];
}

function virtualServer(labels: Labels): Disagrees {
  const reason = labels.reason ?? '';
  return {
    id: 'keepalived-kernel-disagrees',
    severity: reason === 'missing' ? 'critical' : 'info',
    subject: serviceSubject(labels),
    numbers: {},
    details: { of: 'virtual server', reason, isUp: undefined, kernelForward: undefined },
  };
}

function realServer(readings: Readings, labels: Labels): Disagrees {
  const { reason = '', ...own } = labels;
  const kernel = findInKernel(readings, own);
  const up = readings.value(keepalivedRealServerUp, own);
  return {
    id: 'keepalived-kernel-disagrees',
    severity: 'warning',
    subject: realServerSubject(labels),
    numbers: known({ kernelWeight: kernel?.value, wantedWeight: wantedWeight(readings, own, up) }),
    details: {
      of: 'real server',
      reason,
      isUp: up === undefined ? undefined : up === 1,
      kernelForward: kernel?.labels.forward,
    },
  };
}

/** Where both have it, they need not agree on how it is reached. */
function findInKernel(readings: Readings, labels: Labels): Sample | undefined {
  const { real_address = '', real_port = '' } = labels;
  return readings.all(ipvsRealServerWeight, { ...identityOf(labels), real_address, real_port })[0];
}

function wantedWeight(readings: Readings, labels: Labels, up: number | undefined): number | undefined {
  if (up === undefined) return undefined;
  const isReplaced = readings.is(keepalivedSorryServerInUse, { ...identityOf(labels) });
  return up === 1 && !isReplaced ? (readings.value(keepalivedRealServerEffectiveWeight, labels) ?? 0) : 0;
}
