import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { needs } from '../needs.ts';
import { blocksOf, codeSpansOf, documents } from './markdown.ts';

/** Values of placeholders. */
const examples: Readonly<Record<string, string>> = {
  VIP: '192.0.2.10',
  ADDRESS: '192.0.2.10',
  SOURCE: '198.51.100.7',
  CLIENT: '198.51.100.8',
  PORT: '80',
};

/** What a machine has already that some commands change. */
const machine = [
  'mount -t tmpfs tmpfs /root',
  'iptables -N DOCKER-USER',
  'iptables -A FORWARD -j NFQUEUE --queue-num 0',
  'nft add table inet filter',
  "nft 'add chain inet filter input { type filter hook input priority 0; }'",
  'nft add table inet firewall',
  "nft 'add chain inet firewall forward { type filter hook forward priority 0; }'",
];

/** Lines of the blocks for a shell, and what is between backticks if it has an object and nothing is left out. */
function networkCommandsOf(path: string): string[] {
  const blocks = blocksOf(path).filter(({ language }) => language === 'sh');
  const lines = blocks.flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'));
  const spans = codeSpansOf(path).filter((span) => span.split(' ').length > 3 && !/…|\.\.\./.test(span));
  return [...lines, ...spans]
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => /^(for try .*)?(nft|ip6?tables(-save|-restore)?|conntrack) /.test(line))
    .map((line) => line.replaceAll(/\b[A-Z]+\b/g, (word) => examples[word] ?? word));
}

/** What the programs refuse, in a network of their own, of commands that are typed in turn. */
function refusedOf(commands: readonly string[]): string[] {
  const script = [
    'set -e',
    ...machine,
    'set +e',
    ...commands.map((command, index) => `said=$( (${command}) 2>&1 </dev/null) || printf '%s: %s\\n' ${index} "$said"`),
  ];
  // A command that goes on, such as `nft monitor`, ends with all others.
  const space = ['--net', '--mount', '--pid', '--fork', '--kill-child'];
  const { error, status, stdout, stderr } = spawnSync('unshare', [...space, 'bash', '-c', script.join('\n')], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  if (error) throw error;
  if (status !== 0 && stdout === '') throw new Error(stderr);
  return stdout.split('\n').flatMap((line) => {
    const [, index, reason] = /^(\d+): (.*)$/.exec(line) ?? [];
    // There are no entries that it could delete or change.
    const isRefused = index !== undefined && !/ 0 flow entries have been/.test(reason ?? '');
    return isRefused ? [`${commands[Number(index)]}: ${reason}`] : [];
  });
}

const chartValues: unknown = parse(readFileSync('charts/lvs-exporter/values.yaml', 'utf8'));

/** Below an empty map there may be anything. */
function hasValue(values: unknown, [key = '', ...rest]: readonly string[]): boolean {
  if (typeof values !== 'object' || values === null) return false;
  if (Object.keys(values).length === 0) return true;
  return key in values && (rest.length === 0 || hasValue((values as Record<string, unknown>)[key], rest));
}

const withCommands = documents.filter((path) => networkCommandsOf(path).length > 0);

describe('commands of the documents', () => {
  const programs = ['bash', 'nft', 'iptables', 'conntrack', 'unshare'] as const;
  const kernel = ['root', 'network namespaces', 'mount namespaces', 'nf_tables', 'ctnetlink', 'NFQUEUE'] as const;

  describe('in turn, on a kernel', needs(...programs, ...kernel, 'TCPMSS', 'br_netfilter'), () => {
    it.each(withCommands)('%s', (path) => {
      expect(refusedOf(networkCommandsOf(path))).toEqual([]);
    });

    it.each(['nft add rule inet nothing input accept', 'iptables -A INPUT --nothing', 'conntrack -L --nothing x y'])(
      'refuses %s',
      (command) => {
        expect(refusedOf(['iptables -L INPUT -n', command])).toEqual([expect.stringContaining(command)]);
      },
    );
  });

  it.each(documents)(
    '%s names settings of connection tracking that the kernel has',
    needs(...programs, ...kernel),
    (path) => {
      const named = readFileSync(path, 'utf8').match(/\bnet\.netfilter\.\w*[a-z]\b/g) ?? [];
      expect(named.filter((name) => !existsSync(`/proc/sys/${name.replaceAll('.', '/')}`))).toEqual([]);
    },
  );

  it.each(documents)('%s sets values that the chart has', (path) => {
    const set = [...readFileSync(path, 'utf8').matchAll(/--set(?:-json|-string)? ([\w.]+)=/g)].map(
      ([, name = '']) => name,
    );
    expect(set.filter((name) => !hasValue(chartValues, name.split('.')))).toEqual([]);
  });
});
