import { type Flow, formatAddress, isTranslated } from '../../src/identity/flow.ts';
import { protocolName } from '../../src/identity/protocol.ts';

/** Everything in a flow but its two clocks, in one line. */
export function describeFlow(flow: Flow): string {
  const [source, destination, replySource, replyDestination] = [
    flow.source,
    flow.destination,
    flow.replySource,
    flow.replyDestination,
  ].map(({ address, port }) => `${formatAddress(flow.family, address)} ${port}`);
  return [
    `ipv${flow.family} ${protocolName(flow.protocol)} ${source} > ${destination}`,
    isTranslated(flow) ? `reply ${replySource} > ${replyDestination}` : [],
    flow.icmpType === undefined ? [] : `icmp ${flow.icmpType} ${flow.icmpCode} ${flow.icmpId}`,
    flow.state === '' ? [] : flow.state,
    flow.replied ? 'replied' : 'unreplied',
    flow.assured ? 'assured' : [],
    flow.offloaded ? 'offloaded' : [],
    `zone ${flow.originalZone} ${flow.replyZone}`,
    `mark ${flow.mark}`,
    `packets ${flow.originalPackets} ${flow.replyPackets}`,
  ]
    .flat()
    .join(', ');
}

/** A flow as text and clocks, to be kept. */
export interface Described {
  readonly text: string;
  readonly remainingSeconds: number | undefined;
  readonly ageSeconds: number | undefined;
}

export function describeAll(): { readonly visit: (flow: Flow) => void; readonly flows: Described[] } {
  const flows: Described[] = [];
  const visit = (flow: Flow) => {
    const { remainingSeconds, ageSeconds } = flow;
    flows.push({ text: describeFlow(flow), remainingSeconds, ageSeconds });
  };
  return { visit, flows };
}
