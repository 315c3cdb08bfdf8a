import type { VrrpState } from './vrrp-instance.ts';

/** What keepalived can announce of a VRRP instance or a sync group, in lower case: a state, or news of the same state. */
export const vrrpEvents = [
  'master',
  'backup',
  'fault',
  'stop',
  'deleted',
  'master_rx_lower_pri',
  'master_priority',
  'backup_priority',
] as const;
export type VrrpEvent = (typeof vrrpEvents)[number];

export interface Announcement {
  readonly type: 'instance' | 'group';
  readonly name: string;
  readonly event: VrrpEvent;
  /** The effective priority; 0 for a group. */
  readonly priority: number;
}

/**
 * Parses a line of the notify FIFO, as `notify_fifo()` in keepalived/vrrp/vrrp_notify.c writes it:
 * `INSTANCE "VI_1" MASTER 100`. Undefined for any other line. A name may hold blanks and quotes.
 */
export function parseAnnouncement(line: string): Announcement | undefined {
  const [, type = '', name = '', word = '', priority] =
    /^(INSTANCE|GROUP) "(.+)" ([A-Z_]+) (\d{1,3})$/.exec(line) ?? [];
  const event = vrrpEvents.find((one) => one === word.toLowerCase());
  if (event === undefined) return undefined;
  return { type: type === 'GROUP' ? 'group' : 'instance', name, event, priority: Number(priority) };
}

/** The state that something is in when this is announced of it. */
export function stateAfter(event: VrrpEvent): VrrpState {
  switch (event) {
    case 'master_rx_lower_pri':
    case 'master_priority':
      return 'master';
    case 'backup_priority':
      return 'backup';
    default:
      return event;
  }
}

/** Whether keepalived's checkers announce it, in the FIFO that they share with VRRP: `VS [10.0.0.1]:tcp:80 UP`. */
export function isCheckerAnnouncement(line: string): boolean {
  return /^(VS|RS) \S.* (UP|DOWN)$/.test(line);
}
