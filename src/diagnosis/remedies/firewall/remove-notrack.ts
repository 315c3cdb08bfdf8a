import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import type { AnyFound, Endpoint } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind, type Some } from '../../remedy.ts';

/** Where the rules are kept while one of them is gone: no other user can read or replace them there. */
const folder = '/root';

/** Takes NOTRACK rules of one destination out, for both directions, and keeps the rest. */
export const removeNotrack: RemedyKind = {
  docs: 'remove-a-notrack-rule',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) => {
    const { destination, namespace } = found.subject;
    const steps = chainsOf(found).map((chain) => removalFrom(chain, destination, namespace));
    const [first, ...rest] = steps.flatMap(({ commands }) => commands);
    // The first file has the rules as they were before any was removed: it comes last.
    const [firstUndo, ...restUndo] = steps.toReversed().flatMap(({ undo }) => undo);
    if (first === undefined || firstUndo === undefined) return undefined;
    return {
      owner: ownerOf(readings),
      title: 'Remove this NOTRACK rule',
      commands: [first, ...rest],
      tradeOff: 'The connections that it exempted are tracked again and take entries of the table.',
      undo: [firstUndo, ...restUndo],
      persistent: {
        none: 'Remove it also where it is configured: in /etc/iptables, in /etc/nftables.conf, or in the program that sets it.',
      },
      verify: [commandInNamespace(namespace, "sh -c '(iptables-save -t raw; nft list ruleset) | grep -i notrack'")],
    };
  },
};

export const lookAtNotrack: RemedyKind = {
  docs: 'remove-a-notrack-rule',
  effect: 'look',
  preconditions: [],
  plan: (readings, { subject: { namespace } }) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title: 'Show the NOTRACK rules and their counters, and compare them with the packets that pass',
    commands: [
      commandInNamespace(
        namespace,
        "sh -c '(iptables-save -c; ip6tables-save -c; nft list ruleset) | grep -i notrack'",
      ),
    ],
    verify: ['lvs-exporter diagnose'],
  }),
};

function chainsOf({ details }: AnyFound): readonly string[] {
  return 'chains' in details ? [...new Set(details.chains)] : [];
}

type Steps = { readonly commands: Some<string>; readonly undo: Some<string> };

/** @param chain `raw PREROUTING` of iptables; `inet exempt prerouting` of nftables */
function removalFrom(chain: string, destination: Endpoint | undefined, netns: string | undefined): Steps {
  const [family = '', table = '', name] = chain.split(' ');
  const matching = grepFor(destination);
  return name === undefined
    ? fromIptables({ chain: table, isIPv6: destination?.address.includes(':') ?? false, matching, netns })
    : fromNftables({ table: `${family} ${table}`, chain: `${family} ${table} ${name}`, matching, netns });
}

interface FromIptables {
  readonly chain: string;
  readonly isIPv6: boolean;
  readonly matching: string;
  readonly netns: string | undefined;
}

/** iptables-save prints a rule as iptables-restore takes it, without a shell that would expand a comment. */
function fromIptables({ chain, isIPv6, matching, netns }: FromIptables): Steps {
  const program = isIPv6 ? 'ip6tables' : 'iptables';
  const file = `${folder}/${program}-raw-${chain}`;
  const select = `grep '^-A ${chain} ' ${file} | grep -E -- '--notrack|-j NOTRACK' | ${matching}`;
  return {
    commands: [
      `${commandInNamespace(netns, `${program}-save -t raw`)} >${file}`,
      `(echo '*raw'; ${select} | sed 's/^-A/-D/'; echo COMMIT) | ${commandInNamespace(netns, `${program}-restore --noflush`)}`,
    ],
    undo: [`${commandInNamespace(netns, `${program}-restore -T raw`)} <${file}`],
  };
}

interface FromNftables {
  readonly table: string;
  readonly chain: string;
  readonly matching: string;
  readonly netns: string | undefined;
}

/** nft deletes a rule by its handle, and replaces a table in one step. */
function fromNftables({ table, chain, matching, netns }: FromNftables): Steps {
  const file = `${folder}/nft-${chain.replaceAll(/\W/g, '-')}`;
  const run = (command: string) => commandInNamespace(netns, `nft ${command}`);
  const select = `${run(`-a list chain ${chain}`)} | grep -w notrack | ${matching} | grep -o 'handle [0-9]*'`;
  return {
    commands: [
      `${run(`list table ${table}`)} >${file}`,
      `${select} | while read -r rule; do ${run(`delete rule ${chain} $rule`)}; done`,
    ],
    undo: [`(echo delete table ${table}; cat ${file}) | ${run('-f -')}`],
  };
}

/** Both directions have the address, one as source and one as destination; without an address, the port selects them. */
function grepFor(destination: Endpoint | undefined): string {
  const { address = '', port = '' } = destination ?? {};
  const words = [address.split('/')[0] ?? '', port].filter((word) => word !== '');
  return words.map((word) => `grep -wF ${quoteShell(word)}`).join(' | ');
}
