import type { ForwardChain, PacketState, PathRule, PathTarget } from './forward-path.ts';

/** The FORWARD chain of the filter table, as `iptables-save -c` prints it. Undefined where there is none. */
export function parseIptablesForward(text: string, packet: PacketState = 'invalid'): ForwardChain | undefined {
  const filter = /^\*filter\n(.*?)^COMMIT$/ms.exec(text)?.[1];
  const policy = filter && /^:FORWARD (ACCEPT|DROP)/m.exec(filter)?.[1];
  if (!filter || !policy) return undefined;
  const chains = new Map<string, PathRule[]>([...filter.matchAll(/^:(\S+)/gm)].map(([, name = '']) => [name, []]));
  for (const [, chain = '', rule = ''] of filter.matchAll(/^(?:\[\d+:\d+\] )?-A (\S+)(.*)$/gm)) {
    const read = readRule(rule, packet, chains);
    if (read) chains.set(chain, [...(chains.get(chain) ?? []), read]);
  }
  return { name: 'filter FORWARD', first: 'FORWARD', policy: policy === 'DROP' ? 'drop' : 'accept', chains };
}

export const finalTargets: Readonly<Record<string, PathTarget>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  RETURN: 'return',
};

/** Targets that a packet passes on its way. */
export const passingTargets = new Set([
  'LOG',
  'NFLOG',
  'MARK',
  'CONNMARK',
  'TCPMSS',
  'CLASSIFY',
  'DSCP',
  'TRACE',
  'SET',
  'ULOG',
]);

/** Undefined for a rule that no such packet meets, or that decides nothing. */
function readRule(rule: string, packet: PacketState, chains: ReadonlyMap<string, unknown>): PathRule | undefined {
  const [, target] = / (?:-j|-g) (\S+)/.exec(rule) ?? [];
  if (target === undefined || passingTargets.has(target)) return undefined;
  const [state = '', not = '', states = ''] = /(! )?--(?:ct)?state (\S+)/.exec(rule) ?? [];
  const isMet = state === '' || states.split(',').includes(packet.toUpperCase()) !== (not !== '');
  if (!isMet) return undefined;
  const others = rule
    .slice(0, rule.search(/ (-j|-g) /))
    .replace(state, '')
    .replaceAll(/ -m (conntrack|state|comment)\b| --comment ("(?:[^"\\]|\\.)*"|\S+)/g, '');
  // A target that is no chain, such as SYNPROXY or NFQUEUE, may let the packet through.
  const leads: PathTarget = chains.has(target) ? { jump: target } : 'accept';
  return { matches: others.trim() === '' ? 'always' : 'maybe', target: finalTargets[target] ?? leads };
}
