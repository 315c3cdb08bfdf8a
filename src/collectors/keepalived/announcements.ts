import type { AnnouncedSubject, Announcements } from '../../host/host.ts';
import { type VrrpEvent, vrrpEvents } from '../../parsers/keepalived/vrrp/announcement.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import type { VrrpNames } from './announced.ts';
import {
  keepalivedNotifyFifoMalformedLinesTotal,
  keepalivedNotifyFifoUp,
  keepalivedSyncGroupNotificationsTotal,
  keepalivedVrrpNotificationsTotal,
} from './metrics.ts';

/** Counters begin at 0 for all that is known to be there, so that the first announcement is seen to be one more. */
export function sampleAnnouncements(announcements: Announcements, keepaliveds: readonly VrrpNames[]): Sample[] {
  const { subjects, listening: isListening, malformedLines } = announcements;
  return [
    sample(keepalivedNotifyFifoUp, isListening ? 1 : 0),
    sample(keepalivedNotifyFifoMalformedLinesTotal, malformedLines),
    ...countAll(subjects, 'instance', keepaliveds, vrrpEvents, (instance_name, event, count) =>
      sample(keepalivedVrrpNotificationsTotal, count, { instance_name, event }),
    ),
    ...countAll(subjects, 'group', keepaliveds, groupEvents, (group, event, count) =>
      sample(keepalivedSyncGroupNotificationsTotal, count, { group, event }),
    ),
  ];
}

const groupEvents = ['master', 'backup', 'fault', 'stop'] as const satisfies readonly VrrpEvent[];

function countAll(
  subjects: readonly AnnouncedSubject[],
  type: AnnouncedSubject['type'],
  keepaliveds: readonly VrrpNames[],
  events: readonly VrrpEvent[],
  toSample: (name: string, event: VrrpEvent, count: number) => Sample,
): Sample[] {
  const counts = new Map(subjects.filter((one) => one.type === type).map((one) => [one.name, one.counts]));
  const names = [...new Set([...keepaliveds.flatMap((known) => known[type]), ...counts.keys()])];
  return names.flatMap((name) => events.map((event) => toSample(name, event, counts.get(name)?.[event] ?? 0)));
}
