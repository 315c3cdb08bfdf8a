import type { AnnouncedSubject, Announcements } from '../host.ts';
import type { VrrpSyncGroup } from '../parsers/keepalived-data.ts';
import type { VrrpInstance } from '../parsers/vrrp-instance.ts';

/** Finds what was announced of an instance or a group since a moment, in Unix seconds. */
export type FindAnnounced = (
  type: AnnouncedSubject['type'],
  name: string,
  since: number,
) => AnnouncedSubject | undefined;

export function findLaterThan(announcements: Announcements | undefined): FindAnnounced {
  const subjects = announcements?.subjects ?? [];
  return (type, name, since) =>
    subjects.find((subject) => subject.type === type && subject.name === name && subject.seconds > since);
}

/** The instance as a dump of this moment has it, with what was announced of it later. */
export function updateInstance(instance: VrrpInstance, dumpedSeconds: number, find: FindAnnounced): VrrpInstance {
  const announced = find('instance', instance.name, dumpedSeconds);
  if (!announced) return instance;
  const { state, priority, transitionSeconds } = announced;
  const lastTransitionSeconds = Math.max(transitionSeconds, instance.lastTransitionSeconds);
  return { ...instance, state, effectivePriority: priority, lastTransitionSeconds };
}

/** The same for a sync group. */
export function updateSyncGroup(group: VrrpSyncGroup, dumpedSeconds: number, find: FindAnnounced): VrrpSyncGroup {
  return { ...group, state: find('group', group.name, dumpedSeconds)?.state ?? group.state };
}
