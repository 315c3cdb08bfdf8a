import { protocolName } from '../../src/identity/protocol.ts';
import type { Described } from './describe-flow.ts';

/**
 * The flows in the output of `conntrack -L -o extended`, described as `describeFlow()` does. It shares nothing with the
 * parser of /proc/net/nf_conntrack, which has another grammar: here IPv6 is short, and a zone of 0 is not shown.
 */
export function describeListing(listing: string): Described[] {
  return listing.trimEnd().split('\n').map(describeLine);
}

function describeLine(line: string): Described {
  const [family, , , protocol, ...words] = line.split(/ +/);
  const value = (name: string) => new RegExp(`(?<= )${name}=(\\S+)`).exec(line)?.[1];
  const port = (name: string, key: string) => Number(value(name) ?? value(key) ?? 0);
  const packets = [...line.matchAll(/packets=(\d+)/g)].map(([, count]) => count);
  const [seconds, word = ''] = words;
  const state = /^[A-Z]/.test(word) ? word : [];
  const zone = value('zone') ?? '0';
  const text = [
    `${family} ${protocolName(Number(protocol))} ${value('src')} ${port('sport', 'srckey')} > ${value('dst')} ${port('dport', 'dstkey')}`,
    value('type') === undefined ? [] : `icmp ${value('type')} ${value('code')} ${value('id')}`,
    state,
    line.includes('[UNREPLIED]') ? 'unreplied' : 'replied',
    line.includes('[ASSURED]') ? 'assured' : [],
    `zone ${value('zone-orig') ?? zone} ${value('zone-reply') ?? zone}`,
    `mark ${value('mark')}`,
    `packets ${packets[0]} ${packets[1]}`,
  ].flat();
  const age = value('delta-time');
  const ageSeconds = age === undefined ? undefined : Number(age);
  return { text: text.join(', '), remainingSeconds: Number(seconds), ageSeconds };
}
