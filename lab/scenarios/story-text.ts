import { release } from 'node:os';
import { count, percent } from '../../src/readings/format.ts';
import type { TimelineEntry } from './alerts-timeline.ts';
import type { Day } from './story-day.ts';

/** docs/story.md: what a run of the scenario saw, as a story. */
export function renderStory(day: Day): string {
  return `${[opening(day), beforeMove(day), move(day), page(day), diagnosis(day), remedy(day), lesson(day)].join('\n\n')}\n`;
}

function opening({ limit, version }: Day): string {
  return `# The story of a director that moved

A director moves into a virtual machine, and its compute node runs out of connection tracking entries. All figures, the page
and the output of the commands are from one run of \`npm run lab -- story\` on a real cluster, with lvs-exporter ${version}: Linux
${release()} with IPVS and a stateful bridge, keepalived, nginx, Prometheus with the rules of alerts/, and Alertmanager with the
example beside them. The table is small, ${count(limit)} entries, so that the story takes minutes and not hours.

The bridge of \`compute\` tracks connections, as the firewall in front of the virtual machines of an OpenStack compute node does.
The director has a virtual IP address (VIP) and forwards each connection to one of two real servers, which reply to the
client directly: direct server return (IPVS direct routing). Another tenant runs a web server on the same compute node.`;
}

function beforeMove({ perSecond, before, limit }: Day): string {
  const { seconds, finished, entries, realServers } = before;
  return `## Before

The director is a separate machine. Clients send ${perSecond} requests per second: ${realServers.join(' and ')} answer ${count(finished)} in ${seconds} s. None of this
traffic crosses \`compute\`, whose table holds ${count(entries)} of ${count(limit)} entries.`;
}

function move({ perSecond, timeline, movedAt, typedAt }: Day): string {
  const rows = timeline
    .filter(({ at }) => at < typedAt + 30_000)
    .sort((one, other) => one.at - other.at)
    .map((entry) => `| ${seconds(entry.at - movedAt)} | ${escapeCell(entry)} |`);
  return `## The move

The director becomes a virtual machine on \`compute\`. Clients, real servers and the ${perSecond} requests per second are the same, and
every request is answered. But \`compute\` sees the SYN of each connection and never its reply, which goes from the real server
directly to the client. An entry without a reply stays for 120 s, however short the connection was.

| seconds since the move | |
| ---: | --- |
${rows.join('\n')}`;
}

function page({ page: { at, labels, description }, movedAt, entriesAtPage, limit, perSecond }: Day): string {
  const left = (limit - entriesAtPage) / perSecond;
  return `## The page

${seconds(at - movedAt)} s after the move, \`${labels.alertname}\` notifies the engineer on call:

> ${description.replaceAll('\n', '\n> ')}

At that time the table holds ${count(entriesAtPage)} of ${count(limit)} entries (${percent(entriesAtPage / limit)}): at ${perSecond} per second it is full in ${left.toFixed(0)} s. A rule on a level of
75 % would have fired ${seconds(((0.75 * limit - entriesAtPage) / perSecond) * 1000)} s later. The kernel would have logged nothing, because a table full of such entries evicts them
silently.`;
}

function diagnosis({ diagnosisText }: Day): string {
  return `## The cause, and the command to type

\`lvs-exporter diagnose\` on \`compute\`:

${fence(diagnosisText)}`;
}

function remedy({ remedy: { title, commands }, typedAt, movedAt, entriesAfter, load }: Day): string {
  return `## The remedy

${seconds(typedAt - movedAt)} s after the move, the operator types the remedy that removes the cause: ${title.charAt(0).toLowerCase()}${title.slice(1)}.

${fence(`${commands.join('\n')}\n`)}

No entry for the VIP is left, and none is created while the requests continue: the table holds ${count(entriesAfter)} entries. The alert
resolves. None of ${count(load.finished)} requests since the move failed, neither while the table filled nor after the remedy.`;
}

function lesson({ planText }: Day): string {
  return `## How to plan for it

\`lvs-exporter plan\` on the director reads its counters and prints the size that the upstream table needs:

${fence(planText)}

[Remedies](remedies.md) describes the other remedies and their cost. The alert has [a runbook](runbooks/ConntrackTableFullSoon.md).`;
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
