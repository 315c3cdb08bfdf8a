import { inNamespace } from '../commands/shell.ts';
import type { FileLines, Some } from '../remedy.ts';

/** What limits the tracked connections of an address. */
export interface Limit {
  readonly netns: string | undefined;
  readonly isIPv6: boolean;
  readonly entries: number;
  /** As iptables and as nft select new connections. */
  readonly match: { readonly iptables: string; readonly nft: string };
  /** Whose connections connlimit counts together. */
  readonly counts: '--connlimit-daddr' | '--connlimit-saddr';
  readonly table: string;
  /** OUTPUT too, for what the host sends itself. */
  readonly hooks: Some<'prerouting' | 'output'>;
}

interface LimitCommands {
  readonly commands: Some<string>;
  readonly undo: Some<string>;
  readonly persistent: Some<FileLines>;
  readonly verify: Some<string>;
}

/** Before NAT changes the destination, and after connection tracking: the chains of mangle (-150) are between. */
export function byIptables({ netns, isIPv6, entries, match, counts, hooks }: Limit): LimitCommands {
  const rule =
    `${match.iptables} -m conntrack --ctstate NEW ` +
    `-m connlimit --connlimit-above ${entries} --connlimit-mask ${isIPv6 ? 128 : 32} ${counts} -j DROP`;
  const run = (options: string) => inNamespace(netns, `${isIPv6 ? 'ip6tables' : 'iptables'} -t mangle ${options}`);
  const [first, ...rest] = hooks;
  const insert = (hook: string) => `-I ${hook.toUpperCase()} 1 ${rule}`;
  return {
    commands: [run(insert(first)), ...rest.map((hook) => run(insert(hook)))],
    undo: [run(`-D ${first.toUpperCase()} ${rule}`), ...rest.map((hook) => run(`-D ${hook.toUpperCase()} ${rule}`))],
    persistent: [
      {
        file: `/etc/iptables/rules.${isIPv6 ? 'v6' : 'v4'}`,
        lines: ['*mangle', ...hooks.map(insert), 'COMMIT'],
      },
    ],
    verify: [run('-L -n -v'), inNamespace(netns, 'conntrack -C')],
  };
}

export function byNftables({ netns, entries, match, table, hooks }: Limit): LimitCommands {
  const run = (command: string) => inNamespace(netns, `nft ${command}`);
  const lines = hooks.flatMap((hook) => [
    `add chain inet ${table} ${hook} { type filter hook ${hook} priority -150; policy accept; }`,
    `add rule inet ${table} ${hook} ${match.nft} ct state new ct count over ${entries} counter drop`,
  ]);
  return {
    commands: [
      run(`add table inet ${table}`),
      ...lines.map((line) => run(line.startsWith('add chain') ? `'${line}'` : line)),
    ],
    undo: [run(`delete table inet ${table}`)],
    persistent: [{ file: '/etc/nftables.conf', lines: [`add table inet ${table}`, ...lines] }],
    verify: [run(`list table inet ${table}`), inNamespace(netns, 'conntrack -C')],
  };
}
