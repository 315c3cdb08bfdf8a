import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { documentPage } from '../../scripts/document-page.ts';
import type { FindingId } from '../../src/diagnosis/facts.ts';
import { alertOf, alertsWithoutFinding, findingKinds, runbookOf } from '../../src/diagnosis/kinds/index.ts';
import type { FindingKind } from '../../src/diagnosis/kinds/kind.ts';
import { type RemedyId, remedies } from '../../src/diagnosis/remedies/index.ts';
import { verdictKinds, verdicts } from '../../src/flows/classification/verdict-kinds.ts';
import { tried } from './remedies/tried.ts';

const findingIds = Object.keys(findingKinds) as readonly FindingId[];
const remedyIds = Object.keys(remedies) as readonly RemedyId[];
const alerts = new Set<string>(groups.flatMap(({ rules }) => rules.filter(isAlert)).map(({ alert }) => alert));

function anchorsOf(path: string): Set<string> {
  const page = documentPage({ path, text: readFileSync(`docs/${path}`, 'utf8') });
  return new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id));
}

describe('every alert', () => {
  it('is that of a finding, or a reason why there is none', () => {
    const ofFindings = findingIds.flatMap((id) => alertOf(id) ?? []);
    expect([...ofFindings, ...Object.keys(alertsWithoutFinding)].sort()).toEqual([...alerts].sort());
  });
});

describe('every finding', () => {
  const kinds: Readonly<Record<FindingId, FindingKind>> = findingKinds;
  const anchors = anchorsOf('findings.md');

  it.each(findingIds)('%s has a runbook that exists, and a section in docs/findings.md', (id) => {
    const runbook = runbookOf(id);
    if (runbook !== undefined) expect(existsSync(`docs/runbooks/${runbook}.md`), runbook).toBe(true);
    expect(anchors).toContain(id);
  });

  it('has a remedy', () => {
    expect(findingIds.filter((id) => kinds[id].remedies.length === 0)).toEqual([]);
  });

  it('has a name of its own where there is no alert', () => {
    const names = findingIds.filter((id) => alertOf(id) === undefined).map((id) => id.replaceAll('-', ''));
    const alertNames = [...alerts].map((name) => name.toLowerCase());
    expect(names.filter((name) => alertNames.includes(name))).toEqual([]);
  });
});

describe('every remedy', () => {
  const anchors = anchorsOf('remedies.md');
  const offered = new Set(Object.values(findingKinds).flatMap(({ remedies: own }): readonly RemedyId[] => own));

  it.each(remedyIds)('%s has a section in docs/remedies.md, and a finding that offers it', (id) => {
    expect(anchors).toContain(remedies[id].docs);
    expect(offered).toContain(id);
  });

  it.each(remedyIds)('%s is tried where its entry points to', (id) => {
    expect(readFileSync(tried[id], 'utf8')).toContain(`'${id}'`);
  });
});

describe('every verdict', () => {
  it.each(verdicts)('%s is described in docs/forecast.md, and its finding has an alert', (verdict) => {
    expect(readFileSync('docs/forecast.md', 'utf8')).toContain(`\`${verdict}\``);
    const { finding } = verdictKinds[verdict];
    if (finding !== undefined) expect(alerts).toContain(alertOf(finding));
  });
});

it('no remedy keeps files where another user can put a link or change them', () => {
  const files = readdirSync('src/diagnosis', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = [...files.map((file) => `src/diagnosis/${file}`), 'docs/remedies.md'];
  expect(texts.filter((file) => /\/tmp\b/.test(readFileSync(file, 'utf8')))).toEqual([]);
});
