import type { AnnouncedSubject, Announcements } from '../../host/host.ts';
import {
  type Announcement,
  isCheckerAnnouncement,
  parseAnnouncement,
  stateAfter,
} from '../../parsers/keepalived/vrrp/announcement.ts';

/** What was announced, added up. */
export interface AnnouncementTally {
  /** Takes a line of the notify FIFO, read at a moment in Unix seconds. */
  add(line: string, seconds: number): void;
  /** Notes a line that was cut off. */
  addMalformed(): void;
  read(): Omit<Announcements, 'listening'>;
}

/** Far more instances and groups than VRRP has identifiers for on the interfaces of a machine. */
const maxSubjects = 10_000;

export function createAnnouncementTally(): AnnouncementTally {
  const subjects = new Map<string, AnnouncedSubject>();
  let malformedLines = 0;
  return {
    add(line, seconds) {
      const announcement = parseAnnouncement(line);
      const key = announcement && `${announcement.type} ${announcement.name}`;
      if (announcement && key && (subjects.has(key) || subjects.size < maxSubjects)) {
        subjects.set(key, addTo(subjects.get(key), announcement, seconds));
      } else if (!isCheckerAnnouncement(line)) malformedLines++;
    },
    addMalformed() {
      malformedLines++;
    },
    read: () => ({ subjects: [...subjects.values()], malformedLines }),
  };
}

/** A state that is announced again, as after a reload, is no transition; a priority that is, neither. */
function addTo(before: AnnouncedSubject | undefined, announcement: Announcement, seconds: number): AnnouncedSubject {
  const { type, name, event, priority } = announcement;
  const state = stateAfter(event);
  const isTransition = state === event && state !== before?.state;
  return {
    type,
    name,
    counts: { ...before?.counts, [event]: (before?.counts[event] ?? 0) + 1 },
    state,
    priority,
    seconds,
    transitionSeconds: isTransition ? seconds : (before?.transitionSeconds ?? 0),
  };
}
