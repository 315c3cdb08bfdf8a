import type { FindingId } from '../src/diagnosis/facts.ts';
import { alertOf, findingKinds, runbookOf } from '../src/diagnosis/kinds/index.ts';
import type { FindingKind } from '../src/diagnosis/kinds/kind.ts';
import { type RemedyId, remedies } from '../src/diagnosis/remedies/index.ts';
import { type VerdictKind, verdictKinds, verdicts } from '../src/flows/classification/verdict-kinds.ts';

const introduction = `# Findings

Everything that \`lvs-exporter diagnose\` and the status page can find, with the alert for the same fact and the remedies
in the order in which they are offered. A remedy whose precondition fails on a machine is left out there. While
connections are being lost, what gives room at once comes before what removes the cause.

A finding has the name of its alert: \`conntrack-table-full-soon\` and ConntrackTableFullSoon. This page is generated from
src/diagnosis/kinds/.
`;

/** docs/findings.md */
export function findingsDocument(): string {
  const ids = Object.keys(findingKinds) as FindingId[];
  return [introduction, verdictTable(), ...ids.map(section)].join('\n');
}

function verdictTable(): string {
  const rows = verdicts.map((verdict) => {
    const { meaning, advice, finding }: VerdictKind = verdictKinds[verdict];
    return `| \`${verdict}\` | ${meaning} | ${finding === undefined ? '' : `[${finding}](#${finding})`} | ${advice} |`;
  });
  return `## Verdicts on a destination

| verdict | what it is | finding | what to do |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function section(id: FindingId): string {
  const { seenBy, alert, remedies: offered }: FindingKind = findingKinds[id];
  const name = alertOf(id);
  const runbook = runbookOf(id);
  const lines = [
    `- Seen by: ${seenBy}.`,
    name === undefined && alert !== 'same name' ? `- No alert. ${alert.none}` : `- Alert: ${linkTo(name)}.`,
    ...(name === undefined && runbook !== undefined ? [`- Runbook: ${linkTo(runbook)}.`] : []),
    `- Remedies: ${[...new Set(offered)].map(linkToRemedy).join(', ')}.`,
  ];
  return `## ${id}\n\n${lines.join('\n')}\n`;
}

function linkTo(runbook = ''): string {
  return `[${runbook}](runbooks/${runbook}.md)`;
}

function linkToRemedy(id: RemedyId): string {
  return `[${id}](remedies.md#${remedies[id].docs})`;
}
