/** Generic netlink: families of messages whose numbers the kernel gives out when a module registers them. */
import { hasAttribute, indexAttributes, nulTerminatedText, uint16 } from './attributes.ts';
import { type ExchangeResult, exchange, type Request } from './exchange.ts';
import { malformed, NLM_F_DUMP } from './messages.ts';
import type { NetlinkSocket } from './socket.ts';
import { systemError } from './system-error.ts';

export const NETLINK_GENERIC = 16;

/** Bytes of `struct genlmsghdr`: command, version and two reserved. */
const genericHeader = 4;

/** The family that lists the others. Its number is fixed. */
const controller: GenericFamily = { id: 16, name: 'nlctrl', version: 2 };
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;

const ENOENT = 2;

export interface GenericFamily {
  /** nlmsg_type of its messages. */
  readonly id: number;
  readonly name: string;
  readonly version: number;
}

export interface GenericRequest {
  /** For errors: `get service`. */
  readonly operation: string;
  readonly command: number;
  readonly flags: number;
  readonly attributes?: Uint8Array;
  /** Takes the attributes of one message of the answer: from `start` to `stop`. */
  readonly visit: (bytes: DataView, start: number, stop: number) => void;
}

/** Sends a request to a family and hands each message of its answer to `request.visit`. Rejects as exchange() does. */
export function askFamily(
  socket: NetlinkSocket,
  { id, name, version }: GenericFamily,
  { operation, command, flags, attributes = new Uint8Array(), visit }: GenericRequest,
): Promise<ExchangeResult> {
  const request: Request = {
    operation: `${name} ${operation}`,
    type: id,
    answerType: id,
    flags,
    payload: Buffer.concat([new Uint8Array([command, version, 0, 0]), attributes]),
    visit(bytes, start, stop) {
      if (stop - start < genericHeader) throw malformed(start, 'a message has no genlmsghdr');
      visit(bytes, start + genericHeader, stop);
      return true;
    },
  };
  return exchange(socket, request);
}

/**
 * Finds a family by its name. It lists all of them: for an unknown name, the kernel would
 * load the module of that name.
 *
 * @throws ENOENT where there is none.
 */
export async function findFamily(socket: NetlinkSocket, name: string, version: number): Promise<GenericFamily> {
  let id: number | undefined;
  await askFamily(socket, controller, {
    operation: 'get family',
    command: CTRL_CMD_GETFAMILY,
    flags: NLM_F_DUMP,
    visit(bytes, start, stop) {
      id ??= decodeFamilyId(bytes, start, stop, name);
    },
  });
  if (id === undefined) throw systemError(`find netlink family ${name}`, ENOENT);
  return { id, name, version };
}

/** The number of a family, if the message is about the one of this name. Source: ctrl_fill_info(). */
export function decodeFamilyId(bytes: DataView, start: number, stop: number, name: string): number | undefined {
  const attributes = indexAttributes(bytes, start, stop, CTRL_ATTR_FAMILY_NAME);
  if (!hasAttribute(attributes, CTRL_ATTR_FAMILY_NAME) || nulTerminatedText(attributes, CTRL_ATTR_FAMILY_NAME) !== name)
    return undefined;
  return uint16(attributes, CTRL_ATTR_FAMILY_ID);
}
