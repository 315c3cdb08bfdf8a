import {
  keepalivedVrrpAdvertisementsReceivedTotal,
  keepalivedVrrpAdvertisementsSentTotal,
  keepalivedVrrpBecameMasterTotal,
  keepalivedVrrpErrorsTotal,
  keepalivedVrrpUnicastPeerInfo,
  keepalivedVrrpUnicastPeerReachable,
} from '../../../collectors/keepalived/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type Instance, listInstances } from '../../../readings/vrrp-instances.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { AnyFound } from '../../finding.ts';
import { instanceSubject } from '../../subjects.ts';

/** What is received from other routers, and should not be, or is refused. */
export function advertisements(readings: Readings): AnyFound[] {
  return listInstances(readings).flatMap((instance) => [
    ...twoMasters(readings, instance),
    ...neverHeard(readings, instance),
    ...unreachablePeers(readings, instance),
    ...refusedAdvertisements(readings, instance),
  ]);
}

/** Only a master advertises. One that hears another, and stays master, is not alone. */
function twoMasters(readings: Readings, instance: Instance): AnyFound[] {
  const { state, labels } = instance;
  const receivedAdvertisements = readings.rise(keepalivedVrrpAdvertisementsReceivedTotal, labels) ?? 0;
  const became = readings.rise(keepalivedVrrpBecameMasterTotal, labels) ?? 0;
  if (state !== 'master' || receivedAdvertisements < fewAdvertisements || became > 0) return [];
  const subject = instanceSubject(instance);
  return [
    { id: 'keepalived-split-brain', severity: 'critical', subject, numbers: { receivedAdvertisements }, details: {} },
  ];
}

/** One may still be under way from a master that just stepped down. */
const fewAdvertisements = 2;

/** A backup is silent: this alone is normal for a director that was the first to start. */
function neverHeard(readings: Readings, { state, labels, name }: Instance): AnyFound[] {
  const sentAdvertisements = readings.value(keepalivedVrrpAdvertisementsSentTotal, labels) ?? 0;
  const received = readings.value(keepalivedVrrpAdvertisementsReceivedTotal, labels);
  const refused = sum(readings.all(keepalivedVrrpErrorsTotal, labels).map(({ value }) => value));
  if (state !== 'master' || received !== 0 || refused > 0 || sentAdvertisements < manyAdvertisements) return [];
  const subject = instanceSubject({ name, labels, state });
  const details = { peers: peersIn(readings.all(keepalivedVrrpUnicastPeerInfo, labels)) };
  return [
    { id: 'keepalived-never-heard-another', severity: 'info', subject, numbers: { sentAdvertisements }, details },
  ];
}

/** A peer that does not answer ARP or neighbour discovery, or that no route leads to, hears nothing: it becomes master, or is down. */
function unreachablePeers(readings: Readings, instance: Instance): AnyFound[] {
  const silent = readings.all(keepalivedVrrpUnicastPeerReachable, instance.labels).filter(({ value }) => value === 0);
  if (silent.length === 0) return [];
  const subject = instanceSubject(instance);
  const details = { peers: peersIn(silent) };
  return [{ id: 'keepalived-peer-unreachable', severity: 'warning', subject, numbers: {}, details }];
}

function peersIn(samples: readonly Sample[]): string[] {
  return samples.map(({ labels }) => labels.peer ?? '');
}

/** Of a minute, with the interval that keepalived has by default. */
const manyAdvertisements = 60;

function refusedAdvertisements(readings: Readings, instance: Instance): AnyFound[] {
  const kinds = readings.all(keepalivedVrrpErrorsTotal, instance.labels).flatMap(({ labels }) => {
    const refused = readings.rise(keepalivedVrrpErrorsTotal, labels) ?? 0;
    return refused > 0 ? [{ kind: labels.kind ?? '', refusedAdvertisements: refused }] : [];
  });
  if (kinds.length === 0) return [];
  return [
    {
      id: 'keepalived-advertisements-refused',
      severity: 'warning',
      subject: instanceSubject(instance),
      numbers: { refusedAdvertisements: sum(kinds.map((one) => one.refusedAdvertisements)) },
      details: { kinds },
    },
  ];
}
