import { conntrackTimeoutSeconds } from '../../../collectors/conntrack-metrics.ts';
import { percent } from '../../../readings/format.ts';
import { keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { type Change, sysctlPlan, timeoutSetting } from '../../commands/sysctl.ts';
import { hasPort, isIPv6, nameTarget, nftMatch, nftTable, targetOf } from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

/** The timer that decides how long an unreplied flow stays, and what is long enough for it. */
const unreplied = {
  tcp: {
    state: 'syn_sent',
    // Long enough for a SYN to be sent four times: after 1, 3, 7 and 15 s.
    seconds: 20,
    tradeOff: 'A stateful firewall refuses handshakes that take longer than this, of any tenant.',
  },
  udp: { state: '', seconds: 15, tradeOff: 'A stateful firewall refuses replies that arrive later than this.' },
} as const;

export const unrepliedTimers: RemedyKind = {
  docs: 'shorter-timeouts',
  effect: 'cure',
  preconditions: ['sysctl-writable', 'not-exempt-yet'],
  plan: (readings, found) => {
    const { protocol } = targetOf(found) ?? { protocol: '' };
    if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
    const { state, seconds, tradeOff } = unreplied[protocol];
    const present = readings.value(conntrackTimeoutSeconds, { protocol, state });
    if (present === undefined || present <= seconds) return undefined;
    const change: Change = { setting: timeoutSetting(protocol, state), from: present, to: seconds };
    return {
      owner: ownerOf(readings),
      title: `Remove unreplied ${protocol} flows of every destination after ${seconds} s instead of ${present} s`,
      ...sysctlPlan(readings, [change], readings.netns),
      tradeOff: `New entries then take ${percent(seconds / present)} of their present room in the table; present entries expire as before. ${tradeOff}`,
      verify: [commandInNamespace(readings.netns, 'conntrack -C')],
    };
  },
};

/** The timers of one destination alone. nf_tables attaches a policy to an entry before it is confirmed: -150 is between. */
export const destinationTimersNftables: RemedyKind = {
  docs: 'shorter-timeouts',
  effect: 'cure',
  preconditions: ['nft-installed', 'not-exempt-yet'],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined || target.protocol !== 'tcp' || !hasPort(target)) return undefined;
    const table = nftTable('timers', target);
    const family = isIPv6(target) ? 'ip6' : 'ip';
    const run = (command: string) => commandInNamespace(target.netns, `nft ${command}`);
    const first = `add table ${family} ${table}`;
    const rest = [
      `add ct timeout ${family} ${table} short { protocol tcp; l3proto ${family}; policy = { syn_sent : 10, established : 60, close : 5 }; }`,
      `add chain ${family} ${table} prerouting { type filter hook prerouting priority -150; policy accept; }`,
      `add rule ${family} ${table} prerouting ${nftMatch(target, 'daddr', 'dport')} ct timeout set "short"`,
    ];
    return {
      owner: ownerOf(readings),
      title: `Shorten the timeouts of ${nameTarget(target)} only, with nftables`,
      commands: [run(first), ...rest.map((command) => run(`'${command}'`))],
      tradeOff:
        'Packets are still tracked, and those of direct server return are still INVALID. The forecast does not see these timeouts, so such entries appear older than they are.',
      undo: [run(`delete table ${family} ${table}`)],
      persistent: keepRules(readings, [{ tool: 'nft', lines: [first, ...rest] }]),
      verify: [commandInNamespace(target.netns, `conntrack -L -d ${target.address}`)],
    };
  },
};

export const defaultTimers: RemedyKind = {
  docs: 'shorter-timeouts',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    if (!('timers' in found.details)) return undefined;
    const changes = found.details.timers.map(
      ({ setting, presentSeconds: from, defaultSeconds: to }): Change => ({ setting, from, to }),
    );
    const [first, ...rest] = changes;
    if (first === undefined) return undefined;
    return {
      owner: 'operator',
      title: "Restore the kernel's default timeouts",
      ...sysctlPlan(readings, [first, ...rest], readings.netns),
      tradeOff:
        found.id === 'long-timeouts'
          ? 'Connections that are idle for longer than their timeout lose their entry: stateful rules no longer accept their packets.'
          : found.id === 'timers-without-entries'
            ? 'The few entries of these states stay longer.'
            : 'Connections whose end this host does not see stay in the table for days: 7440 (two hours) is enough for programs that send keepalives.',
      verify: [commandInNamespace(readings.netns, `sysctl ${changes.map(({ setting }) => setting).join(' ')}`)],
    };
  },
};
