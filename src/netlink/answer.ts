import {
  align,
  attributeEnd,
  attributeHeader,
  attributeType,
  malformed,
  messageEnd,
  messageFlags,
  messageHeader,
  messageSequence,
  messageType,
  NLM_F_DUMP_INTR,
} from './messages.ts';
import { systemError } from './system-error.ts';

/** Message types of netlink itself. */
const NLMSG_NOOP = 1;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;

/** Flags of NLMSG_ERROR and NLMSG_DONE: the request is not repeated in full; attributes follow. */
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;

/** The answer to one request, as far as it was read. */
export interface Answer {
  /** What was asked for, for errors: `ctnetlink get`. */
  readonly operation: string;
  /** nlmsg_seq of the request. */
  readonly sequence: number;
  /** nlmsg_type of the messages that answer it. */
  readonly type: number;
  /**
   * Takes one message: its payload is from `start` to `stop` in `bytes`, which are overwritten afterwards. False ends
   * the reading.
   */
  readonly visit: (bytes: DataView, start: number, stop: number) => boolean;
  /** NLM_F_DUMP_INTR was seen: what is dumped changed meanwhile. */
  interrupted: boolean;
}

/** Whether more messages follow, the kernel has ended the answer, or the visitor needs no more. */
export type AnswerState = 'open' | 'complete' | 'stopped';

/**
 * Reads the datagram from `start` to `end`. NLMSG_DONE and NLMSG_ERROR end the answer; an error of 0 acknowledges it.
 *
 * @throws the system error that the kernel answers with; SyntaxError when the datagram is malformed.
 */
export function readDatagram(bytes: DataView, start: number, end: number, answer: Answer): AnswerState {
  for (let at = start; at < end; ) {
    const stop = messageEnd(bytes, at, end);
    if (messageSequence(bytes, at) !== answer.sequence) throw malformed(at, 'it answers another request');
    if ((messageFlags(bytes, at) & NLM_F_DUMP_INTR) !== 0) answer.interrupted = true;
    const type = messageType(bytes, at);
    if (type === answer.type) {
      if (!answer.visit(bytes, at + messageHeader, stop)) return 'stopped';
    } else if (type === NLMSG_ERROR || type === NLMSG_DONE) {
      checkResult(bytes, at, stop, answer.operation);
      return 'complete';
    } else if (type !== NLMSG_NOOP) {
      throw malformed(at, `a message has type ${type}`);
    }
    at = align(stop);
  }
  return 'open';
}

/** Both start with an int: 0, or a negative error number. */
function checkResult(bytes: DataView, at: number, stop: number, operation: string): void {
  if (stop - at < messageHeader + 4) throw malformed(at, 'a result has no number');
  const result = bytes.getInt32(at + messageHeader, true);
  if (result < 0) throw systemError(operation, -result, readExplanation(bytes, at, stop));
}

/** The kernel's sentence, which it adds under NETLINK_EXT_ACK; empty when it has none. */
function readExplanation(bytes: DataView, at: number, stop: number): string {
  if ((messageFlags(bytes, at) & NLM_F_ACK_TLVS) === 0) return '';
  for (let attribute = explanationStart(bytes, at, stop); attribute < stop; ) {
    const end = attributeEnd(bytes, attribute, stop);
    if (attributeType(bytes, attribute) === NLMSGERR_ATTR_MSG) return readText(bytes, attribute + attributeHeader, end);
    attribute = align(end);
  }
  return '';
}

/** In an NLMSG_ERROR the attributes follow the request, of which a capped one repeats the header alone. */
function explanationStart(bytes: DataView, at: number, stop: number): number {
  const request = at + messageHeader + 4;
  if (messageType(bytes, at) === NLMSG_DONE) return request;
  const capped = (messageFlags(bytes, at) & NLM_F_CAPPED) !== 0;
  return capped ? request + messageHeader : align(messageEnd(bytes, request, stop));
}

function readText(bytes: DataView, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  return text.split('\0', 1).join();
}
