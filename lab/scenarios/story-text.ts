import { release } from 'node:os';
import { count, percent } from '../../src/readings/format.ts';
import type { TimelineEntry } from './alerts-timeline.ts';
import type { Day } from './story-day.ts';

/** docs/story.md: what a run of the scenario saw, as a story. */
export function renderStory(day: Day): string {
  return `${[opening(day), beforeMove(day), move(day), page(day), diagnosis(day), remedy(day), lesson(day)].join('\n\n')}\n`;
}

function opening({ limit }: Day): string {
  return `# The story of a director that moved

Made by \`npm run lab -- story\` from what a real cluster did: Linux ${release()} with IPVS and a stateful bridge, keepalived,
nginx, Prometheus with the rules of alerts/, Alertmanager with the example beside them. The figures, the page and what the
commands printed are that run's. So that it takes minutes and not hours, the table is small: ${count(limit)} entries.

The bridge of \`compute\` stands for the firewall that a compute node of OpenStack has in front of its virtual machines: its
rules track connections. The director has a virtual IP address (VIP) and forwards each connection to one of two real
servers, which reply to the client directly: direct server return (IPVS direct routing). Another tenant runs a web server on
the same compute node.`;
}

function beforeMove({ perSecond, before, limit }: Day): string {
  const { seconds, finished, entries, realServers } = before;
  return `## Before

The director is a machine of its own. Clients make ${perSecond} requests a second: in ${seconds} s, ${count(finished)} are answered by
${realServers.join(' and ')}. None of that crosses \`compute\`, whose table holds ${count(entries)} of ${count(limit)} entries.`;
}

function move({ perSecond, timeline, movedAt, typedAt }: Day): string {
  const rows = timeline
    .filter(({ at }) => at < typedAt + 30_000)
    .sort((one, other) => one.at - other.at)
    .map((entry) => `| ${seconds(entry.at - movedAt)} | ${escapeCell(entry)} |`);
  return `## The move

The director becomes a virtual machine on \`compute\`. Same clients, same ${perSecond} requests a second, same real servers, and
every request is answered. But \`compute\` sees the SYN of each connection and never its answer, which goes from the real
server straight to the client. An entry without an answer stays for 120 s, however short the connection was.

| seconds since the move | |
| ---: | --- |
${rows.join('\n')}`;
}

function page({ page: { at, labels, description }, movedAt, entriesAtPage, limit, perSecond }: Day): string {
  const left = (limit - entriesAtPage) / perSecond;
  return `## The page

${seconds(at - movedAt)} s after the move, on call is notified by \`${labels.alertname}\`:

> ${description.replaceAll('\n', '\n> ')}

The table holds ${count(entriesAtPage)} of ${count(limit)} entries then (${percent(entriesAtPage / limit)}): at ${perSecond} a second it will be full in ${left.toFixed(0)} s. A
rule that waits for 75 % would have spoken ${seconds(((0.75 * limit - entriesAtPage) / perSecond) * 1000)} s later; the kernel would have said nothing at all, because a table full of
entries like these evicts and logs nothing.`;
}

function diagnosis({ diagnosisText }: Day): string {
  return `## The cause, and the command to type

\`lvs-exporter diagnose\` on \`compute\`:

${fence(diagnosisText)}`;
}

function remedy({ remedy: { title, commands }, typedAt, movedAt, entriesAfter, load }: Day): string {
  return `## The remedy

${seconds(typedAt - movedAt)} s after the move, the first remedy is typed: ${title.charAt(0).toLowerCase()}${title.slice(1)}.

${fence(`${commands.join('\n')}\n`)}

No entry for the VIP is left, and none comes while the requests go on: the table holds ${count(entriesAfter)} entries. The alert is
resolved. Of ${count(load.finished)} requests since the move none failed: neither while the table filled, nor when what had filled it was
no longer tracked.`;
}

function lesson({ planText }: Day): string {
  return `## And had they asked before?

\`lvs-exporter plan\`, on the director, reads its counters and prints how large the upstream table must be:

${fence(planText)}

The other remedies, what each costs, and who may apply it: [remedies.md](remedies.md). The alert:
[its runbook](runbooks/ConntrackTableFullSoon.md).`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(0);
}

function escapeCell({ text }: TimelineEntry): string {
  return text.replaceAll('|', '\\|');
}

function fence(text: string): string {
  return `\`\`\`\n${text}\`\`\``;
}
