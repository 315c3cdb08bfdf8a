import { describe, expect, it } from 'vitest';
import { createInboxes } from '../../src/netlink/inboxes.ts';
import type { Inbox } from '../../src/netlink/libc.ts';

const empty = new DataView(new ArrayBuffer(0));

function createInbox(datagrams: number): Inbox {
  return { datagrams, bytes: empty, vectors: empty, headers: empty, length: () => 0, flags: () => 0 };
}

describe('createInboxes()', () => {
  it('lends what was given back again, and never one inbox twice', () => {
    const inboxes = createInboxes(createInbox);
    const [one, other] = [inboxes.take(4), inboxes.take(4)];
    expect(one).not.toBe(other);
    inboxes.giveBack(one);
    expect(inboxes.take(4)).toBe(one);
    expect(inboxes.take(4)).not.toBe(one);
  });

  it.each([
    [1, 4],
    [4, 4],
    [5, 32],
    [32, 32],
    [40, 40],
  ])('has room for %i datagrams', (wanted, room) => {
    const inboxes = createInboxes(createInbox);
    inboxes.giveBack(inboxes.take(1));
    expect(inboxes.take(wanted).datagrams).toBe(room);
  });

  it('keeps no more than two of a size', () => {
    const inboxes = createInboxes(createInbox);
    const taken = Array.from({ length: 5 }, () => inboxes.take(32));
    for (const inbox of taken) inboxes.giveBack(inbox);
    const again = Array.from({ length: 5 }, () => inboxes.take(32));
    expect(again.filter((inbox) => taken.includes(inbox))).toHaveLength(2);
  });
});
