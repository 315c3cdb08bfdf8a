import type { AnnouncedSubject, Announcements } from '../../host/host.ts';
import type { VrrpSyncGroup } from '../../parsers/keepalived/data.ts';
import { stateAfter, vrrpEvents } from '../../parsers/keepalived/vrrp/announcement.ts';
import type { VrrpInstance, VrrpState } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';

/** What the instances and groups of a keepalived are called. */
export type VrrpNames = Readonly<Record<AnnouncedSubject['type'], readonly string[]>>;

/** Finds what was announced of an instance or a group since a moment, in Unix seconds. */
export type FindAnnounced = (
  type: AnnouncedSubject['type'],
  name: string,
  since: number,
) => AnnouncedSubject | undefined;

/** An announcement does not name its keepalived, so announcements for a name that several have are left out. */
export function findLaterThan(
  announcements: Announcements | undefined,
  keepaliveds: readonly VrrpNames[],
): FindAnnounced {
  const ownersOf = ({ type, name }: AnnouncedSubject) => keepaliveds.filter((names) => names[type].includes(name));
  const subjects = (announcements?.subjects ?? []).filter((subject) => ownersOf(subject).length === 1);
  return (type, name, since) =>
    subjects.find((subject) => subject.type === type && subject.name === name && subject.seconds > since);
}

/** The instance as a dump of this moment has it, with what was announced of it later. */
export function updateInstance(instance: VrrpInstance, dumpedSeconds: number, find: FindAnnounced): VrrpInstance {
  const announced = find('instance', instance.name, dumpedSeconds);
  if (!announced) return instance;
  const { state, priority } = announced;
  return {
    ...instance,
    state,
    // It moves with the state, and is not announced.
    wantedState: state === instance.state ? instance.wantedState : undefined,
    effectivePriority: priority,
    lastTransitionSeconds: Math.max(transitionOf(announced, instance.state), instance.lastTransitionSeconds ?? 0),
  };
}

/**
 * A reload announces every state again. So the first announcement of all is that of a transition only if the dump has
 * another state.
 */
function transitionOf({ state, counts, transitionSeconds }: AnnouncedSubject, dumped: VrrpState | undefined): number {
  const states = new Set(vrrpEvents.filter((event) => counts[event] !== undefined).map(stateAfter));
  return states.size > 1 || state !== dumped ? transitionSeconds : 0;
}

/** The same for a sync group. */
export function updateSyncGroup(group: VrrpSyncGroup, dumpedSeconds: number, find: FindAnnounced): VrrpSyncGroup {
  return { ...group, state: find('group', group.name, dumpedSeconds)?.state ?? group.state };
}
