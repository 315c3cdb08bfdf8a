import { conntrackTimeoutSeconds } from '../../collectors/conntrack-metrics.ts';
import type { Destination } from '../../readings/destinations.ts';
import { percent } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Party, Remedy } from '../finding.ts';
import { hasPort, isIPv6, nftMatch, nftTable } from './notrack.ts';
import { inNamespace } from './shell.ts';

/** Long enough for a SYN to be sent four times: after 1, 3, 7 and 15 s. */
const shortSynSentSeconds = 20;
const shortUdpSeconds = 15;

/** Undefined where the timer is not known or already short. */
export function shorterTimers(readings: Readings, { protocol }: Destination, by: Party): Remedy | undefined {
  if (protocol === 'tcp') {
    const tradeOff = 'A handshake of any tenant that takes longer than this is not let through by a stateful rule.';
    return shorter(readings, { protocol, state: 'syn_sent', seconds: shortSynSentSeconds, tradeOff, by });
  }
  if (protocol !== 'udp') return undefined;
  const tradeOff = 'Answers that come later than this are not let through by a stateful rule, whoever asked.';
  return shorter(readings, { protocol, state: '', seconds: shortUdpSeconds, tradeOff, by });
}

interface Timer {
  readonly protocol: string;
  readonly state: string;
  readonly seconds: number;
  readonly tradeOff: string;
  readonly by: Party;
}

function shorter(readings: Readings, { protocol, state, seconds, tradeOff, by }: Timer): Remedy | undefined {
  const present = readings.value(conntrackTimeoutSeconds, { protocol, state });
  if (present === undefined || present <= seconds) return undefined;
  const name = timeoutSetting(protocol, state);
  const write = (value: number) => inNamespace(readings.netns, `sysctl -w ${name}=${value}`);
  return {
    title: `Keep unanswered ${protocol} flows for ${seconds} s, not ${present} s, for everybody`,
    by,
    commands: [write(seconds)],
    tradeOff: `New entries take ${percent(seconds / present)} of the room that they take now; what is there expires as before. ${tradeOff}`,
    undo: [write(present)],
  };
}

export function timeoutSetting(protocol: string, state: string): string {
  return `net.netfilter.nf_conntrack_${protocol}_timeout${state === '' ? '' : `_${state}`}`;
}

/** The timers of one destination alone. nf_tables attaches a policy to an entry before it is confirmed: -150 is between. */
export function timersByNft(destination: Destination, by: Party): Remedy | undefined {
  if (destination.protocol !== 'tcp' || !hasPort(destination)) return undefined;
  const table = nftTable('timers', destination);
  const family = isIPv6(destination) ? 'ip6' : 'ip';
  const run = (command: string) => inNamespace(destination.netns, `nft ${command}`);
  return {
    title: 'Shorten the timers of this destination alone, with nftables',
    by,
    commands: [
      run(`add table ${family} ${table}`),
      run(
        `'add ct timeout ${family} ${table} short { protocol tcp; l3proto ${family}; policy = { syn_sent : 10, established : 60, close : 5 }; }'`,
      ),
      run(`'add chain ${family} ${table} prerouting { type filter hook prerouting priority -150; policy accept; }'`),
      run(`'add rule ${family} ${table} prerouting ${nftMatch(destination, 'daddr', 'dport')} ct timeout set "short"'`),
    ],
    tradeOff:
      'Packets are still tracked, and those of direct return still INVALID. The forecast does not know these timers and takes such entries for older ones.',
    undo: [run(`delete table ${family} ${table}`)],
  };
}
