import { alertOf, findingKinds } from '../src/diagnosis/kinds/index.ts';
import { remedies } from '../src/diagnosis/remedies/index.ts';
import { type Incident, readIncidents } from '../test/incidents/corpus.ts';

const introduction = `# What your trouble may be

Troubles that machines with connection tracking have, with the finding that \`lvs-exporter diagnose\` has for each and the
remedy that it prints first. Look for the one that is like yours, then run \`lvs-exporter diagnose\` as root on the
machine. Most are from public reports, whose addresses are given.

Each incident is rebuilt on a Linux kernel and recorded; a test requires the finding, what it names and the first remedy,
and silence about the healthy machines. This page is generated from test/incidents/, where \`record.sh\` rebuilds them.
`;

/** docs/incidents.md */
export function incidentsDocument(): string {
  const incidents = readIncidents();
  const faulty = incidents.filter(({ expected }) => expected !== undefined);
  const healthy = incidents.filter(({ expected }) => expected === undefined);
  return [
    introduction,
    table(faulty),
    ...faulty.map(section),
    '## Machines that nothing is wrong with\n',
    'These look alike, and `diagnose` has no complaint.\n',
    ...healthy.map(({ title, reported }) => `- **${title}.** ${reported}`),
    '',
  ].join('\n');
}

function table(incidents: readonly Incident[]): string {
  const rows = incidents.map(
    ({ title, machines, name }) => `| ${machines.join(', ')} | [${title}](#${anchorOf(title)}) | \`${name}\` |`,
  );
  return `| machines | what happens | recording |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function section({ title, reported, source, expected }: Incident): string {
  if (expected === undefined) return '';
  const { finding, remedy } = expected;
  const alert = isFinding(finding) ? alertOf(finding) : undefined;
  const lines = [
    `- Finding: [${finding}](findings.md#${finding})${alert === undefined ? '' : `, alert [${alert}](runbooks/${alert}.md)`}.`,
    `- First remedy: [${remedy}](remedies.md#${isRemedy(remedy) ? remedies[remedy].docs : ''}).`,
    ...(source === undefined ? [] : [`- Reported like this: <${source}>`]),
  ];
  return `## ${title}\n\n${reported}\n\n${lines.join('\n')}\n`;
}

function isFinding(id: string): id is keyof typeof findingKinds {
  return id in findingKinds;
}

function isRemedy(id: string): id is keyof typeof remedies {
  return id in remedies;
}

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
