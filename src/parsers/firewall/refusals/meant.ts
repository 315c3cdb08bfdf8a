import { at, isIcmpMatch, isStateMatch, type Json, listOf, valuesOf } from '../nft-json.ts';

/**
 * Rules that refuse only what their owner thought of: a source, INVALID packets, a rate, pings, broadcasts. Whether they
 * are right, other findings decide.
 */
export function isMeantByIptables(matches: string): boolean {
  const [, source = ''] = /(?<!! )-s (\S+)/.exec(matches) ?? [];
  const [, destination = ''] = /(?<!! )-d (\S+)/.exec(matches) ?? [];
  return isForeign(source) || isGroup(destination) || meantMatches.some((match) => match.test(matches));
}

/** A comparison with `!` is about all other packets. */
const meantMatches = [
  /(?<!! )--(ct)?state INVALID(,UNTRACKED)?( |$)/,
  /-m (connlimit|hashlimit|limit|recent|geoip|rpfilter|time|tcpmss|socket)\b/,
  /(?<!! )--match-set \S+ (src|src,src)\b/,
  /(?<!! )--(pkt|dst)-type (BROADCAST|MULTICAST|ANYCAST|broadcast|multicast)\b/,
  /(?<!! )-p (ipv6-)?icmp(v6)?\b/,
  /! --tcp-flags FIN,SYN,RST,ACK SYN .*(?<!! )--(ct)?state NEW/,
  // Flags that no program sends.
  /(?<!! )--tcp-flags \S+ \S+(?<!FIN,SYN,RST,ACK SYN)( |$)/,
];

/** A rule of nftables: the list of its expressions. */
export function isMeantByNft(expressions: readonly Json[]): boolean {
  return expressions.some((one) => {
    const match = at(one, 'match');
    return match === undefined
      ? limiting.some((name) => at(one, name) !== undefined)
      : at(match, 'op') !== '!=' && isMeantMatch(match);
  });
}

const limiting = ['limit', 'ct count', 'meter', 'set', 'quota'];

function isMeantMatch(match: Json): boolean {
  const values = valuesOf(match);
  if (isStateMatch(match)) return values.every((value) => value === 'invalid' || value === 'untracked');
  const fib = at(match, 'left', 'fib');
  if (fib !== undefined) return !asksForDestination(fib) || !values.some((type) => ['local', 'unicast'].includes(type));
  if (at(match, 'left', 'meta', 'key') === 'pkttype') return true;
  if (isIcmpMatch(match)) return true;
  switch (at(match, 'left', 'payload', 'field')) {
    case 'saddr':
      return values.every((value) => value.startsWith('@') || isForeign(value));
    case 'daddr':
      return values.length > 0 && values.every(isGroup);
    default:
      return false;
  }
}

/** `fib daddr type`: which kind of address a packet goes to. */
function asksForDestination(fib: Json): boolean {
  return at(fib, 'result') === 'type' && listOf(at(fib, 'flags')).includes('daddr');
}

/** A single host, or a network that is not private: someone else. */
function isForeign(source: string): boolean {
  const [address = '', length] = source.split('/');
  if (address === '' || length === '0') return false;
  if (length === undefined || length === '32' || length === '128') return true;
  return !/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/i.test(address);
}

function isGroup(destination: string): boolean {
  return /^(22[4-9]\.|23\d\.|255\.|ff)/i.test(destination) || /\.255(\/32)?$/.test(destination);
}
