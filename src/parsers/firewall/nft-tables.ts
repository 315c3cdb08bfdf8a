import type { PacketFamily } from '../../identity/firewall-chain.ts';
import { ParseError } from '../parse-error.ts';
import { at, type Json, listOf, readJson } from './nft-json.ts';

/** What `nft -j list ruleset` prints: see libnftables-json(5). */
export interface NftTables {
  readonly chains: readonly NftChain[];
  readonly rules: readonly NftRule[];
}

interface NftPlace {
  /** `inet`, `netdev`. */
  readonly family: string;
  readonly table: string;
  readonly chain: string;
}

export interface NftChain extends NftPlace {
  /** Empty for a chain that only others lead to. */
  readonly hook: string;
  /** `filter`, `nat`. */
  readonly type: string;
  readonly policy: 'accept' | 'drop';
}

export interface NftRule extends NftPlace {
  readonly handle: number;
  readonly comment: string;
  readonly expressions: readonly Json[];
  /** The chains that it leads to, also by a verdict map. As nft names them. */
  readonly targets: readonly string[];
  /** That met it; undefined where it does not count. */
  readonly packets: number | undefined;
  readonly refuses: boolean;
}

export const noNftTables: NftTables = { chains: [], rules: [] };

export function readNftTables(text: string): NftTables {
  const entries = at(readJson(text), 'nftables');
  if (!Array.isArray(entries)) throw new ParseError(1, 'expected an object with a list "nftables"');
  const maps = new Map(
    entries
      .map((entry) => at(entry, 'map'))
      .filter((map) => map !== undefined)
      .map((map) => [nameOfMap(map, textOf(at(map, 'name'))), listOf(at(map, 'elem'))]),
  );
  return {
    chains: entries
      .map((entry) => at(entry, 'chain'))
      .flatMap((chain) => (chain === undefined ? [] : readChain(chain))),
    rules: entries
      .map((entry) => at(entry, 'rule'))
      .flatMap((rule) => (rule === undefined ? [] : readRule(rule, maps))),
  };
}

function readChain(chain: Json): NftChain {
  return {
    ...placeOf(chain, 'name'),
    hook: textOf(at(chain, 'hook')),
    type: textOf(at(chain, 'type')),
    policy: at(chain, 'policy') === 'drop' ? 'drop' : 'accept',
  };
}

type Maps = ReadonlyMap<string, readonly Json[]>;

/** A rule names a map of its table as `@name`. */
function nameOfMap(entry: Json, name: string): string {
  return JSON.stringify([at(entry, 'family'), at(entry, 'table'), name]);
}

function readRule(rule: Json, maps: Maps): NftRule[] {
  const expressions = listOf(at(rule, 'expr'));
  const handle = at(rule, 'handle');
  if (typeof handle !== 'number') return [];
  const packets = expressions.map((one) => at(one, 'counter', 'packets')).find((value) => typeof value === 'number');
  return [
    {
      ...placeOf(rule, 'chain'),
      handle,
      comment: textOf(at(rule, 'comment')),
      expressions,
      targets: targetsOf(rule, expressions, maps),
      packets: typeof packets === 'number' ? packets : undefined,
      refuses: expressions.some(isRefusal),
    },
  ];
}

function placeOf(entry: Json, chain: 'chain' | 'name'): NftPlace {
  return { family: textOf(at(entry, 'family')), table: textOf(at(entry, 'table')), chain: textOf(at(entry, chain)) };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : '';
}

/** As nft names it: `inet firewall forward`. @param chain another one of the same table */
export function nameOfChain({ family, table, chain: own }: NftPlace, chain = own): string {
  // A blank within a name would make it another place.
  return [family, table, chain].map((name) => name.replaceAll(/\s/g, '%')).join(' ');
}

export function isRefusal(expression: Json): boolean {
  return at(expression, 'drop') !== undefined || at(expression, 'reject') !== undefined;
}

export function hasExpression({ expressions }: NftRule, ...names: readonly string[]): boolean {
  return expressions.some((one) => names.some((name) => at(one, name) !== undefined));
}

function targetsOf(rule: Json, expressions: readonly Json[], maps: Maps): string[] {
  const elementsOf = (map: Json) => {
    const [, name] = /^@(.*)$/.exec(textOf(map)) ?? [];
    return name === undefined ? listOf(at(map, 'set')) : (maps.get(nameOfMap(rule, name)) ?? []);
  };
  const verdicts = expressions.flatMap((one) => [
    one,
    ...elementsOf(at(one, 'vmap', 'data')).map((pair) => listOf(pair)[1]),
  ]);
  const place = placeOf(rule, 'chain');
  const names = verdicts.map((one) => at(one, 'jump', 'target') ?? at(one, 'goto', 'target'));
  return names.filter((name) => name !== undefined).map((name) => nameOfChain(place, String(name)));
}

const families: Readonly<Record<string, readonly PacketFamily[]>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: ['ipv4', 'ipv6'],
  netdev: ['ipv4', 'ipv6'],
};

/** The families of the packets that meet a chain or a rule. None for a bridge. */
export function familiesOf({ family }: NftPlace): readonly PacketFamily[] {
  return families[family] ?? [];
}
