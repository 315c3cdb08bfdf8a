import { alertOf, findingKinds } from '../src/diagnosis/kinds/index.ts';
import { remedies } from '../src/diagnosis/remedies/index.ts';
import { type Incident, readIncidents } from '../test/incidents/corpus.ts';

const introduction = `# Typical problems

Run \`lvs-exporter diagnose\` as root on the machine, or look for the incident below that is like yours. Each one has the
finding that \`diagnose\` reports and the remedy that it prints first. Most are from public reports; the addresses of these
are given.
`;

const verification = `## How this was verified

Each incident is rebuilt on a Linux kernel and recorded. A test requires the finding, what it names and the first remedy,
and no finding for the healthy machines. This page is generated from test/incidents/, where \`record.sh\` and
\`record-ipvs.sh\` rebuild them.
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
    '## Healthy machines\n',
    'These machines look similar, and `diagnose` reports nothing.\n',
    ...healthy.map(({ title, reported }) => `- **${title}.** ${reported}`),
    '',
    verification,
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
