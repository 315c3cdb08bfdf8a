/**
 * Reads the limits of zones that Open vSwitch's datapath in the kernel holds to, over generic netlink, which anyone may.
 * Nothing here changes anything or makes the kernel load a module.
 *
 * Source: include/uapi/linux/openvswitch.h; ovs_ct_limit_cmd_get() in net/openvswitch/conntrack.c.
 */
import { hasAttribute, indexAttributes, payloadOf } from '../attributes.ts';
import { askFamily, findFamily, type GenericFamily, NETLINK_GENERIC } from '../generic.ts';
import { encodeAttribute, malformed, NLM_F_ACK } from '../messages.ts';
import { type NetlinkSocket, withSocket } from '../socket.ts';

/** The limit of a zone, whether its own or the default one. */
export interface ZoneLimit {
  /** `default` for zones without a limit of their own. */
  readonly zone: number | 'default';
  /** 0 is no limit. */
  readonly limit: number;
  /** Flows that count against it: those that Open vSwitch has committed. 0 for the default one. */
  readonly entries: number;
}

export interface ZoneLimitOptions {
  /** A file that stands for the network namespace to read: `/run/netns/director`. Without it, this process's own. */
  readonly namespace?: string | undefined;
}

const family = { name: 'ovs_ct_limit', version: 1 } as const;

/** The only command that can be sent: the others change something. Its answer is no dump: an acknowledgement ends it. */
const getLimits = { operation: 'get limits', command: 3, flags: NLM_F_ACK } as const;

/** Rejects with ENOENT where the kernel has no datapath of Open vSwitch. */
export function readZoneLimits({ namespace }: ZoneLimitOptions = {}): Promise<ZoneLimit[]> {
  return withSocket(NETLINK_GENERIC, namespace, askZoneLimits);
}

/** The same over a socket that is open. Zones under the default limit are those in which Open vSwitch has flows. */
export async function askZoneLimits(socket: NetlinkSocket): Promise<ZoneLimit[]> {
  const limits = await findFamily(socket, family.name, family.version);
  const own = await ask(socket, limits, []).catch((error: unknown) => {
    // One answer has room for some 300 limits, and there are no others.
    if (error instanceof Error && 'code' in error && error.code === 'EMSGSIZE') return undefined;
    throw error;
  });
  if (own?.every(({ zone, limit }) => zone !== 'default' || limit === 0)) return own;
  const found = own ?? (await ask(socket, limits, [defaultZone]));
  const zones = await askAll(socket, limits);
  const listed = new Set(found.map(({ zone }) => zone));
  const others = found.find(({ zone }) => zone === 'default')?.limit ?? 0;
  const matters = ({ limit, entries }: ZoneLimit) => limit !== others || (limit > 0 && entries > 0);
  return [...found, ...zones.filter((one) => !listed.has(one.zone) && matters(one))];
}

const defaultZone = -1;
const zones = 0x1_0000;

/** For whose limits one answer has room. */
const zonesAtOnce = 256;

async function askAll(socket: NetlinkSocket, limits: GenericFamily): Promise<ZoneLimit[]> {
  const found: ZoneLimit[] = [];
  for (let first = 0; first < zones; first += zonesAtOnce) {
    found.push(
      ...(await ask(
        socket,
        limits,
        Array.from({ length: zonesAtOnce }, (_, index) => first + index),
      )),
    );
  }
  return found;
}

/** @param wanted numbers of zones; without any, all zones with a limit of their own and the default one. */
async function ask(socket: NetlinkSocket, limits: GenericFamily, wanted: readonly number[]): Promise<ZoneLimit[]> {
  const found: ZoneLimit[] = [];
  await askFamily(socket, limits, {
    ...getLimits,
    attributes: encodeZones(wanted),
    visit: (bytes, start, stop) => {
      found.push(...decodeLimits(bytes, start, stop));
    },
  });
  return found;
}

/** struct ovs_header: the number of an interface, which is not looked at. */
const datapathHeader = 4;
const OVS_CT_LIMIT_ATTR_ZONE_LIMIT = 1;

/** struct ovs_zone_limit: zone, limit and count. */
const limitBytes = 12;

export function encodeZones(wanted: readonly number[]): Uint8Array {
  const payload = new DataView(new ArrayBuffer(wanted.length * limitBytes));
  for (const [index, zone] of wanted.entries()) payload.setInt32(index * limitBytes, zone, true);
  const attribute = encodeAttribute(OVS_CT_LIMIT_ATTR_ZONE_LIMIT, new Uint8Array(payload.buffer));
  return Buffer.concat([new Uint8Array(datapathHeader), ...(wanted.length > 0 ? [attribute] : [])]);
}

/** Reads the attributes of one answer: structures one after the other, which the attribute holds without a header each. */
export function decodeLimits(bytes: DataView, start: number, stop: number): ZoneLimit[] {
  if (stop - start < datapathHeader) throw malformed(start, 'a message has no ovs_header');
  const attributes = indexAttributes(bytes, start + datapathHeader, stop, OVS_CT_LIMIT_ATTR_ZONE_LIMIT);
  if (!hasAttribute(attributes, OVS_CT_LIMIT_ATTR_ZONE_LIMIT)) return [];
  const at = payloadOf(attributes, OVS_CT_LIMIT_ATTR_ZONE_LIMIT, 0);
  const length = bytes.getUint16(at - 4, true) - 4;
  if (length % limitBytes !== 0) throw malformed(at, `limits of zones hold ${length} bytes`);
  return Array.from({ length: length / limitBytes }, (_, index) => decodeLimit(bytes, at + index * limitBytes));
}

function decodeLimit(bytes: DataView, at: number): ZoneLimit {
  const zone = bytes.getInt32(at, true);
  return {
    zone: zone === defaultZone ? 'default' : zone,
    limit: bytes.getUint32(at + 4, true),
    entries: bytes.getUint32(at + 8, true),
  };
}
