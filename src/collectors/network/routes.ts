import type { Steps } from '../../async/turns.ts';
import { eachRoute } from '../../parsers/procfs/route.ts';

/** What the routes show of the interfaces of a machine: a router may have 250,000 routes, and few interfaces. */
export interface RouteSummary {
  readonly interfaces: ReadonlySet<string>;
  /** The interfaces of routes without a gateway: by mask, the longest first, and by destination. */
  readonly networks: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** The interface of the first default route. */
  readonly defaultInterface: string | undefined;
}

/** Rows of a step: some 0.2 ms of a processor. */
const stepRows = 128;

/** @param isPassedOver of an interface whose networks do not count. */
export function* summarizeRoutes(text: string, isPassedOver: (name: string) => boolean): Steps<RouteSummary> {
  const interfaces = new Set<string>();
  const networks = new Map<number, Map<number, string>>();
  let defaultInterface: string | undefined;
  let rows = 0;
  for (const { interface: name, destination, mask, gateway } of eachRoute(text)) {
    if (++rows % stepRows === 0) yield;
    if (name === refusing) continue;
    interfaces.add(name);
    if (mask === 0) defaultInterface ??= name;
    else if (gateway === 0 && !isPassedOver(name)) {
      const ofMask = networks.get(mask) ?? new Map<number, string>();
      if (!ofMask.has(destination)) networks.set(mask, ofMask.set(destination, name));
    }
  }
  return { interfaces, networks: new Map([...networks].sort(([one], [other]) => other - one)), defaultInterface };
}

/** Stands for an interface in a route that refuses packets. */
const refusing = '*';

/** The interface on whose network an IPv4 address of 32 bits is. */
export function interfaceOf({ networks }: RouteSummary, address: number): string | undefined {
  for (const [mask, interfaces] of networks) {
    const name = interfaces.get((address & mask) >>> 0);
    if (name !== undefined) return name;
  }
  return undefined;
}
