import { z } from 'zod';
import type { InterfaceStatistics } from '../netlink/ethtool/statistics.ts';
import type { IpvsDetail } from '../netlink/ipvs/ipvs.ts';
import type { ZoneLimit } from '../netlink/openvswitch/zone-limits.ts';
import type { InterfaceAddress } from '../netlink/route/address-message.ts';
import type { AskedNeighbour } from '../netlink/route/neighbour-message.ts';
import { largeJson, parseBoundedJson } from '../parsers/bounded-json.ts';
import { ParseError } from '../parsers/parse-error.ts';

/** What the kernel answered over netlink and ioctl, as a recording has it: a file of JSON, which may be a stranger's. */
const traffic = z.looseObject({
  connections: z.number(),
  incomingPackets: z.number(),
  outgoingPackets: z.number(),
  incomingBytes: z.number(),
  outgoingBytes: z.number(),
});

const family = z.enum(['ipv4', 'ipv6']);

/** These are in commands that are printed: only what the kernel can have reported is taken. */
const address = z.string().regex(/^[\da-fA-F:.]*$/);
const port = z.string().regex(/^\d{0,5}$/);
const protocol = z.string().regex(/^(?:[a-z\d]+(?:_\d+)?)?$/);
const firewallMark = z.string().regex(/^\d*$/);

const realServer = z.looseObject({
  family,
  address,
  port,
  forward: z.string().regex(/^[a-z][a-z\d_-]{0,31}$/),
  weight: z.number(),
  upperThreshold: z.number(),
  lowerThreshold: z.number(),
  activeConnections: z.number(),
  inactiveConnections: z.number(),
  persistentConnections: z.number(),
  tunnel: z.looseObject({ type: z.string(), port }).exactOptional(),
  traffic,
});

const service = z.looseObject({
  family,
  protocol,
  address,
  port,
  fwmark: firewallMark,
  scheduler: z.string(),
  flags: z.number(),
  persistenceSeconds: z.number().exactOptional(),
  netmask: z.string(),
  traffic,
  realServers: z.array(realServer),
});

const ipvs = z.looseObject({
  timeouts: z.looseObject({ tcpSeconds: z.number(), tcpFinSeconds: z.number(), udpSeconds: z.number() }),
  daemons: z.array(z.looseObject({ role: z.enum(['master', 'backup']), interface: z.string(), syncId: z.number() })),
  services: z.array(service),
});

const addresses = z.array(z.looseObject({ interface: z.string(), address }));

const neighbours = z.array(z.looseObject({ interface: z.string(), address, answered: z.boolean() }));

const interfaceStatistics = z.array(
  z.looseObject({ interface: z.string(), driver: z.string(), counters: z.record(z.string(), z.number()) }),
);

const zoneLimits = z.array(
  z.looseObject({ zone: z.union([z.number(), z.literal('default')]), limit: z.number(), entries: z.number() }),
);

export const parseIpvs = createParser<IpvsDetail>(ipvs);
export const parseAddresses = createParser<readonly InterfaceAddress[]>(addresses);
export const parseRecordedNeighbours = createParser<readonly AskedNeighbour[]>(neighbours);
export const parseZoneLimits = createParser<readonly ZoneLimit[]>(zoneLimits);
export const parseInterfaceStatistics = createParser<readonly InterfaceStatistics[]>(interfaceStatistics);

/** The parser of a file, which throws an Error that names the file and the place in it. */
function createParser<T>(schema: z.ZodType<T>): (text: string, path: string) => T {
  return (text, path) => {
    try {
      return schema.parse(parseBoundedJson(text, largeJson));
    } catch (error) {
      throw new Error(`Cannot replay "${path}": ${describeProblem(error)}`, { cause: error });
    }
  };
}

function describeProblem(error: unknown): string {
  if (error instanceof ParseError) return error.problem;
  if (!(error instanceof z.ZodError)) return 'it is no JSON';
  const [issue] = error.issues;
  return `${issue?.path.map(String).join('.')}: ${issue?.message}`;
}
