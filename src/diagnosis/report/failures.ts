import type { Finding } from '../finding.ts';
import type { Remedy } from '../remedy.ts';

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
  const { hint } = first.details;
  const denied = refused.map(({ subject: { collector = '' }, details: { reason = '' } }) => ({ collector, reason }));
  const remedies = first.remedies.map(
    (one): Remedy => ({
      ...one,
      title: hint.slice(0, 1).toUpperCase() + hint.slice(1),
      ...(asRoot === false && { commands: ['sudo lvs-exporter diagnose'] }),
    }),
  );
  const merged = { ...first, details: { ...first.details, denied }, remedies };
  return explained.flatMap((finding): Finding[] =>
    finding === first ? [merged] : isRefused(finding) ? [] : [finding],
  );
}

function withReason(finding: Finding, failures: Failures): Finding {
  if (finding.id !== 'lvs-exporter-collector-failing') return finding;
  const failure = failures.get(finding.subject.collector ?? '');
  return failure === undefined ? finding : { ...finding, details: { ...finding.details, ...failure } };
}

type Refused = Extract<Finding, { id: 'lvs-exporter-collector-failing' }> & {
  readonly details: { readonly hint: string };
};

function isRefused(finding: Finding): finding is Refused {
  return finding.id === 'lvs-exporter-collector-failing' && finding.details.hint !== undefined;
}
