import { protocolName } from '../identity/protocol.ts';
import { type FlowClass, hasState } from './classification/flow-class.ts';

/** Settings in seconds by their file below /proc/sys/net/netfilter: `nf_conntrack_tcp_timeout_syn_sent`. */
export type Timeouts = ReadonlyMap<string, number>;

/** By `classKey`, the timeouts in seconds of policies that the readings before show: nft `ct timeout`, xt_CT. */
export type PolicyTimeouts = ReadonlyMap<string, readonly number[]>;

export const noPolicies: PolicyTimeouts = new Map();

/**
 * The time that the kernel gives a flow of this class after a packet; undefined when its setting is not there or is no
 * number of seconds. A flow that has a timeout policy of its own (nft `ct timeout`, xt_CT) does not keep to it.
 */
export function timeoutSeconds(timeouts: Timeouts, flowClass: FlowClass): number | undefined {
  const seconds = timeouts.get(settingName(flowClass));
  if (seconds === undefined || !(seconds >= 0)) return undefined;
  return isPickedUp(flowClass) ? Math.min(seconds, timeouts.get(unacknowledged) ?? seconds) : seconds;
}

const unacknowledged = 'nf_conntrack_tcp_timeout_unacknowledged';

/** nf_conntrack_tcp_packet() in nf_conntrack_proto_tcp.c: without a reply, ESTABLISHED lasts no longer than this. */
function isPickedUp({ protocol, state, replied }: FlowClass): boolean {
  return protocol === 6 && state === 'ESTABLISHED' && !replied;
}

function settingName(flowClass: FlowClass): string {
  const { protocol, state, assured } = flowClass;
  const name = protocolName(protocol);
  if (hasState(flowClass)) return `nf_conntrack_${name}_timeout_${stateSetting(state)}`;
  // nf_conntrack_udp_packet() and gre_packet(): the longer timer comes with IPS_ASSURED.
  const stream = assured && streamProtocols.has(name) ? '_stream' : '';
  return `nf_conntrack_${settingProtocols.get(name) ?? 'generic'}_timeout${stream}`;
}

/** The kernel gives SYN_SENT2, the simultaneous open, the default of SYN_SENT and no setting of its own. */
function stateSetting(state: string): string {
  return state === 'SYN_SENT2' ? 'syn_sent' : state.toLowerCase();
}

const streamProtocols: ReadonlySet<string> = new Set(['udp', 'udplite', 'gre']);

const settingProtocols: ReadonlyMap<string, string> = new Map([
  ['udp', 'udp'],
  ['udplite', 'udp'],
  ['gre', 'gre'],
  ['icmp', 'icmp'],
  ['icmpv6', 'icmpv6'],
]);
