import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type AnswerState, readDatagram } from './answer.ts';
import { type Inboxes, inboxSizes } from './inboxes.ts';
import type { Inbox } from './libc.ts';
import { encodeRequest } from './messages.ts';
import { datagramRoom, type NetlinkSocket } from './socket.ts';
import { systemError } from './system-error.ts';

/** A request, and how its answer is read. */
export interface Request extends Pick<Answer, 'operation' | 'visit'> {
  /** nlmsg_type of the request and of the messages that answer it. */
  readonly type: number;
  readonly answerType: number;
  /** nlmsg_flags in addition to NLM_F_REQUEST. */
  readonly flags: number;
  /** The family's own header (`nfgenmsg`, `genlmsghdr`) and the attributes. */
  readonly payload: Uint8Array;
}

export interface ExchangeResult {
  /** False when the visitor ended it, with answers left. */
  readonly complete: boolean;
  /** True when what was dumped changed meanwhile, so that the answer may not be consistent. */
  readonly interrupted: boolean;
}

/** Milliseconds of silence after which the kernel, which answers within the system call, is given up. */
const patience = 2000;
const pause = 10;
/** Milliseconds after which an answer that still goes on is given up. A million flows take some 3 s. */
const maxAnswer = 60_000;
const { ETIMEDOUT } = constants.errno;

/**
 * Sends a request and hands each message of the answer to `request.visit`, until the kernel reports that it was the last.
 * Memory stays constant: while one inbox is read, the other is filled in another thread. The event loop turns between
 * two inboxes. A socket takes one request after another, never two at a time.
 *
 * @throws the system error that the kernel answers with: EPERM without CAP_NET_ADMIN, ENOBUFS when it had no memory to
 *   go on; ETIMEDOUT when it falls silent or does not come to an end; SyntaxError when a message is malformed; whatever
 *   `request.visit` throws.
 */
export async function exchange(socket: NetlinkSocket, request: Request): Promise<ExchangeResult> {
  const { operation, visit } = request;
  const answer: Answer = { operation, visit, type: request.answerType, sequence: 1, interrupted: false };
  await socket.send(encodeRequest(request.type, request.flags, answer.sequence, request.payload));
  const { inboxes } = socket;
  let batch = nextBatch(0);
  let [inbox, spare] = [inboxes.take(batch), inboxes.take(batch)];
  let pending = socket.receive(inbox, batch);
  let received = 0;
  let deadline = performance.now() + patience;
  const end = performance.now() + maxAnswer;
  try {
    for (;;) {
      const count = await pending;
      received += count;
      if (performance.now() > end) throw systemError(operation, ETIMEDOUT, 'the answer does not end');
      if (count > 0) deadline = performance.now() + patience;
      else if (performance.now() > deadline) throw systemError(operation, ETIMEDOUT);
      else await sleep(pause);
      // Fewer than were asked for: nothing else is there yet, and a short answer is already whole.
      const isAll = count < batch;
      batch = nextBatch(received);
      spare = withRoom(inboxes, spare, batch);
      if (!isAll) pending = socket.receive(spare, batch);
      const outcome = readInbox(inbox, count, answer);
      if (isAll && outcome === 'open') pending = socket.receive(spare, batch);
      if (outcome !== 'open') return { complete: outcome === 'complete', interrupted: answer.interrupted };
      [inbox, spare] = [spare, inbox];
    }
  } finally {
    // The kernel writes to the inbox until then. The rest of the answer is ignored.
    await Promise.allSettled([pending]);
    inboxes.giveBack(inbox);
    inboxes.giveBack(spare);
  }
}

/**
 * How many datagrams to receive next: the more have come, the more at a time. Each call costs two changes of thread,
 * which a long dump has to have few of; but a visitor who has heard enough should not have to wait for many without result.
 */
function nextBatch(received: number): number {
  const [least, most] = inboxSizes;
  return Math.min(Math.max(received >> 3, least), most);
}

/** The inbox itself if it has room for so many, otherwise a larger one. */
function withRoom(inboxes: Inboxes, inbox: Inbox, datagrams: number): Inbox {
  if (inbox.datagrams >= datagrams) return inbox;
  inboxes.giveBack(inbox);
  return inboxes.take(datagrams);
}

function readInbox(inbox: Inbox, count: number, answer: Answer): AnswerState {
  for (let i = 0; i < count; i++) {
    const start = i * datagramRoom;
    const outcome = readDatagram(inbox.bytes, start, start + inbox.length(i), answer);
    if (outcome !== 'open') return outcome;
  }
  return 'open';
}
