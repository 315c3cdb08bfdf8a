import type { FlowSample } from './flow-sampler.ts';

/** Fewer flows show nothing of the others. */
const fewestFlows = 30;

/** The port that at least half of the flows of a protocol go to that are in a state; undefined where there is none. */
export function portOfMost({ flows }: FlowSample, protocol: string, state: string): number | undefined {
  const ports = new Map<number, number>();
  let all = 0;
  for (const { classKey, destinationPort } of flows.values()) {
    if (!classKey.startsWith(`${protocol} ${state} `)) continue;
    all++;
    ports.set(destinationPort, (ports.get(destinationPort) ?? 0) + 1);
  }
  const [port = 0] = [...ports].find(([, counted]) => counted >= all / 2) ?? [];
  return all < fewestFlows || port === 0 ? undefined : port;
}
