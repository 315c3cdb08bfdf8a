import { parseExposition } from '../../lab/cluster/series.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import type { RemedyId } from '../../src/diagnosis/remedies/index.ts';
import type { Remedy } from '../../src/diagnosis/remedy.ts';
import { nameSubject } from '../../src/diagnosis/text/subject.ts';
import type { Sample } from '../../src/scrape/metric.ts';

/** What a scrape serves, from its text. */
export function samplesOf(...texts: readonly string[]): Sample[] {
  return parseExposition(texts.join('\n').replaceAll(/^\s+/gm, '')).map(({ name, labels, value }) => ({
    metric: { name, help: '', type: name.endsWith('_total') ? 'counter' : 'gauge', labels: Object.keys(labels) },
    labels,
    value,
  }));
}

/** A finding in short: severity, kind and what it is about. */
export function inShort(finding: Finding): string {
  return `${finding.severity} ${finding.id} ${nameSubject(finding.subject)}`.trimEnd();
}

/** A remedy of a finding, by its id. */
export function remedyOf(finding: Finding | undefined, id: RemedyId): Remedy {
  const remedy = finding?.remedies.find((one) => one.id === id);
  if (remedy === undefined) throw new Error(`No remedy ${id}`);
  return remedy;
}
