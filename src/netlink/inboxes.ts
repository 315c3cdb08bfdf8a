import type { Inbox } from './libc.ts';

/** Memory to receive into. What was given back is lent again, so that a request leaves no garbage. */
export interface Inboxes {
  /** One with room for at least so many datagrams. */
  take(datagrams: number): Inbox;
  /** Takes back what no system call fills any more. */
  giveBack(inbox: Inbox): void;
}

/** Datagrams of a short answer, and the most that one system call can receive. */
export const inboxSizes = [4, 32] as const;

/** Of each size: an exchange has two, and most requests are asked one after the other. */
const maxSpare = 2;

export function createInboxes(create: (datagrams: number) => Inbox): Inboxes {
  const spare = new Map<number, Inbox[]>(inboxSizes.map((size) => [size, []]));
  return {
    take(datagrams) {
      const size = inboxSizes.find((one) => one >= datagrams) ?? datagrams;
      return spare.get(size)?.pop() ?? create(size);
    },
    giveBack(inbox) {
      const alike = spare.get(inbox.datagrams);
      if (alike && alike.length < maxSpare) alike.push(inbox);
    },
  };
}
