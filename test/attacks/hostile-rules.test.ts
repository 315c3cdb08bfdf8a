import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/diagnosis/report/json.ts';
import { createReport } from '../../src/diagnosis/report/report.ts';
import { renderReport } from '../../src/diagnosis/report/text.ts';
import type { FirewallTexts } from '../../src/host/host.ts';
import { type Incident, readIncidents } from '../incidents/corpus.ts';
import { observeIncident } from '../incidents/judge.ts';

/** Without blanks, which iptables-save has between words. */
const word = ';$(id)|`id`\u001b[2J\u202e';
const sentence = ` '; id; '"$(id)\`id\`\u001b[2J\u202e\u2028 OK: no action required`;
const chainsOfKernel = /^(prerouting|input|forward|output|postrouting)$/i;

/** What a user of iptables or nftables may name: chains, sets, interfaces, and what comments say. */
function markIptables(text: string): string {
  const chains = new Set([...text.matchAll(/^:(\S+) - /gm)].map(([, name]) => name));
  const comment = sentence.replaceAll(/["\\]/g, '\\$&');
  return text
    .replaceAll(
      /--comment (?:"((?:[^"\\]|\\.)*)"|(\S+))/g,
      (_, quoted, bare) => `--comment "${quoted ?? bare}${comment}"`,
    )
    .replaceAll(/(?<=^:|^\[\d+:\d+\] -A |^-A | -[jg] )\S+/gm, (name) => (chains.has(name) ? name + word : name))
    .replaceAll(/(?<= -[io] |--match-set |--name )\S+/g, (name) => name + word);
}

function markNft(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => markNft(one, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, markNft(inner, name)]));
  }
  const isName = /^(table|chain|name|set|target|comment|prefix)$/.test(key) && !chainsOfKernel.test(String(value));
  return typeof value === 'string' && isName ? `${value}${word}${sentence}` : value;
}

function markFirewall({ iptables, ip6tables, nft, ...others }: FirewallTexts): FirewallTexts {
  const isJson = nft.trimStart().startsWith('{');
  return {
    ...others,
    iptables: markIptables(iptables),
    ip6tables: markIptables(ip6tables),
    nft: isJson ? JSON.stringify(markNft(JSON.parse(nft))) : nft,
  };
}

/** Rules of each kind that a finding names, and whose commands name a chain, a table or a comment. */
const named = [
  'direct-return-invalid-dropped',
  'direct-return-new-only',
  'firewalld-refuses',
  'libvirt-refuses',
  'limit-refuses-iptables',
  'nft-forward-refuses',
  'notrack-stateful',
  'rate-limit-rest-nft',
  'snat-ports-exhausted',
];

const incidents = readIncidents().filter(({ name }) => named.includes(name));

async function reportOf(incident: Incident) {
  const report = createReport(await observeIncident(incident, markFirewall));
  return { report, text: renderReport(report, { columns: 100, colour: false, verbose: true }) };
}

const invisible = (text: string) => text.match(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu);

describe('names and comments in the rules of a firewall', () => {
  it('are tried in each of these incidents', () => expect(incidents.map(({ name }) => name)).toEqual(named));

  it.each(incidents)('are escaped, and quoted where a shell reads them: $name', async (incident) => {
    const { report, text } = await reportOf(incident);
    expect([invisible(text), invisible(renderJson(report))]).toEqual([null, null]);
    expect(text).not.toMatch(/^\s*OK/m);
    const commands = report.findings.flatMap(({ remedies }) =>
      remedies.flatMap(({ commands, undo, verify, checkFirst }) => [
        ...commands,
        ...('none' in undo ? [] : undo),
        ...verify,
        ...checkFirst.map(({ command }) => command),
      ]),
    );
    const typed = [...commands, ...text.split('\n').filter((line) => line.startsWith('      '))];
    // What names no chain that nft takes is not in the command; the text of a rule is, within quotes.
    const marked = typed.filter((line) => /\$\(id\)|%id%/.test(line));
    const unquoted = typed.map((line) => line.replaceAll("\\'", '').replaceAll(/'[^']*'/g, ''));
    expect(marked.length).toBeGreaterThan(0);
    expect(unquoted.filter((line) => /\$\(id\)|`id`|;\s*id/.test(line))).toEqual([]);
    expect(typed.filter((line) => /\bnft\b/.test(line) && /\$\(id\)|;\s*id/.test(line))).toEqual([]);
  });
});
