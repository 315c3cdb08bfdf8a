import type { AnnouncedSubject, Announcements } from '../../host/host.ts';
import { type VrrpEvent, vrrpEvents } from '../../parsers/keepalived/announcement.ts';
import { counter, gauge, type Sample, sample } from '../../scrape/metric.ts';
import type { VrrpNames } from './announced.ts';

const listening = gauge(
  'keepalived_notify_fifo_up',
  'Whether the notify FIFO can be read: it is there and is one. Absent unless --collector.keepalived.notify-fifo.',
);
const malformed = counter(
  'keepalived_notify_fifo_malformed_lines_total',
  'Lines in the notify FIFO that are no announcements of keepalived.',
);
const notifications = counter(
  'keepalived_vrrp_notifications_total',
  'What keepalived announced of a VRRP instance in its notify FIFO: every change of state, however short.',
  ['instance_name', 'event'],
);
const groupNotifications = counter(
  'keepalived_sync_group_notifications_total',
  'What keepalived announced of a sync group in its notify FIFO.',
  ['group', 'event'],
);

export const announcementMetrics = [listening, malformed, notifications, groupNotifications] as const;

/** Counters begin at 0 for all that is known to be there, so that the first announcement is seen to be one more. */
export function sampleAnnouncements(announcements: Announcements, keepaliveds: readonly VrrpNames[]): Sample[] {
  const { subjects, listening: isListening, malformedLines } = announcements;
  return [
    sample(listening, isListening ? 1 : 0),
    sample(malformed, malformedLines),
    ...countAll(subjects, 'instance', keepaliveds, vrrpEvents, (instance_name, event, count) =>
      sample(notifications, count, { instance_name, event }),
    ),
    ...countAll(subjects, 'group', keepaliveds, groupEvents, (group, event, count) =>
      sample(groupNotifications, count, { group, event }),
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
