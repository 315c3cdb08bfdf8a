import { readdirSync, readFileSync } from 'node:fs';
import type { FindingId } from '../src/diagnosis/facts.ts';
import { findingKinds, runbookOf } from '../src/diagnosis/kinds/index.ts';
import type { FindingKind } from '../src/diagnosis/kinds/kind.ts';
import { type RemedyId, remedies } from '../src/diagnosis/remedies/index.ts';
import { inOrder } from '../src/diagnosis/remedy-order.ts';

const root = new URL('../', import.meta.url);
const folder = 'docs/runbooks';
const marks = { begin: '<!-- `npm run generate` writes this order. -->', end: '<!-- /order -->' };
const findingIds = Object.keys(findingKinds) as FindingId[];

/** Documents with the order of remedies, which is that of `diagnose`, by their path from the root. */
export const documentsWithOrder: Readonly<Record<string, () => string>> = {
  'docs/remedies.md': () => fill('docs/remedies.md', orderTable()),
  ...Object.fromEntries(runbooksWithFinding().map((path) => [path, () => fill(path, orderLines(path))])),
};

function runbooksWithFinding(): string[] {
  const names = new Set(findingIds.map((id) => runbookOf(id)));
  const files = readdirSync(new URL(folder, root)).filter((file) => names.has(file.replace('.md', '')));
  return files.sort().map((file) => `${folder}/${file}`);
}

function fill(path: string, order: string): string {
  const text = readFileSync(new URL(path, root), 'utf8');
  const [before, rest] = text.split(marks.begin);
  const after = rest?.split(marks.end)[1];
  if (before === undefined || after === undefined) throw new Error(`Expected the marks of the order in ${path}`);
  return `${before}${marks.begin}\n${order}\n${marks.end}${after}`;
}

function orderTable(): string {
  const rows = findingIds.map((id) => {
    const [first, ...others] = sectionsOf(id).map((section) => linkTo('', section));
    return `| [${id}](findings.md#${id}) | ${first ?? ''} | ${others.join(', ')} |`;
  });
  return ['| finding | first | then |', '| --- | --- | --- |', ...rows].join('\n');
}

function orderLines(path: string): string {
  const ids = findingIds.filter((id) => path === `${folder}/${runbookOf(id)}.md`);
  const lines = ids.map((id) => {
    const links = sectionsOf(id).map((section) => linkTo('../remedies.md', section));
    return `- [${id}](../findings.md#${id}): ${links.join(', ')}.`;
  });
  return ['`diagnose` offers, of these, what fits the machine, in this order:', '', ...lines].join('\n');
}

/** Follows another remedy, so it decides no order. */
const isFollowUp = (id: RemedyId) => id === 'remove-tracked-entries';

/** Sections of docs/remedies.md, by their anchors. Two remedies of one section are one. */
function sectionsOf(id: FindingId): string[] {
  const kind: FindingKind = findingKinds[id];
  const isOnly = kind.remedies.length === 1;
  const ids = kind.remedies.filter((one) => isOnly || !isFollowUp(one));
  const ordered = inOrder(
    kind,
    ids.map((one) => remedies[one]),
  );
  return [...new Set(ordered.map(({ docs }) => docs))];
}

function linkTo(document: string, anchor: string): string {
  const name = headings().find((heading) => anchorOf(heading) === anchor) ?? anchor;
  const inSentence = /^[A-Z][a-z ]/.test(name) ? `${name.slice(0, 1).toLowerCase()}${name.slice(1)}` : name;
  return `[${inSentence}](${document}#${anchor})`;
}

function headings(): string[] {
  const text = readFileSync(new URL('docs/remedies.md', root), 'utf8');
  return [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
