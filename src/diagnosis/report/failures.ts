import type { Finding, Found } from '../finding.ts';

type Failing = Found<'lvs-exporter-collector-failing'>;

/** Why collectors failed, by their name. */
export type Failures = ReadonlyMap<string, { readonly reason: string; readonly hint: string | undefined }>;

/**
 * Gives findings on failed collectors the reasons, which samples do not have. Those that were refused for want of
 * permission have one cause and one remedy: they become one finding, in the place of the first.
 * @param asRoot Whether the program that failed has user ID 0; undefined if that is not known.
 */
export function explainFailures(findings: readonly Finding[], failures: Failures, asRoot?: boolean): Finding[] {
  const explained = findings.map((finding) => withReason(finding, failures));
  const refused = explained.filter(isRefused);
  const [first] = refused;
  if (first === undefined) return explained;
  const merged = { ...asOne(first, refused), remedies: first.remedies.map((one) => retry(one, first, asRoot)) };
  return explained.flatMap((finding): Finding[] =>
    finding === first ? [merged] : isRefused(finding) ? [] : [finding],
  );
}

function withReason(finding: Finding, failures: Failures): Finding {
  if (finding.id !== 'lvs-exporter-collector-failing') return finding;
  const failure = failures.get(finding.subject.collector ?? '');
  return failure === undefined ? finding : { ...finding, details: { ...finding.details, ...failure } };
}

function isRefused(finding: Finding): finding is Finding & Failing {
  return finding.id === 'lvs-exporter-collector-failing' && finding.details.hint !== undefined;
}

function asOne<Item extends Failing>(first: Item, refused: readonly Failing[]): Item {
  const collectors = refused.map(({ subject: { collector = '' }, details: { reason = '' } }) => ({
    collector,
    reason,
  }));
  return { ...first, details: { ...first.details, denied: collectors } };
}

function retry<Remedy extends Finding['remedies'][number]>(
  remedy: Remedy,
  { details }: Failing,
  asRoot?: boolean,
): Remedy {
  const { hint = remedy.title } = details;
  const title = hint.slice(0, 1).toUpperCase() + hint.slice(1);
  return asRoot === false ? { ...remedy, title, commands: ['sudo lvs-exporter diagnose'] } : { ...remedy, title };
}
