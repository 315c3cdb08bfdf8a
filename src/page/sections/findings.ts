import type { Finding } from '../../diagnosis/finding.ts';
import { runbookOf } from '../../diagnosis/kinds/index.ts';
import { describeFinding } from '../../diagnosis/text/index.ts';
import type { Severity } from '../../identity/severity.ts';
import { badge } from '../markup/badge.ts';
import { type Html, html } from '../markup/html.ts';
import { remedyMarkup } from './remedy.ts';

/** So many are shown, and so many of them at length. */
const most = { shown: 20, atLength: 3 };

/** @param headline of the page. The finding that it comes from does not repeat it. */
export function findingsSection(findings: readonly Finding[], headline: string): Html {
  return html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
${findings.length === 0 ? html`<p>No findings.</p>` : undefined}
${findings.slice(0, most.atLength).map((finding) => openFinding(finding, headline))}
${findings.slice(most.atLength, most.shown).map(closedFinding)}
${findings.length > most.shown ? html`<p>And ${findings.length - most.shown} more: <code>lvs-exporter diagnose</code> lists all.</p>` : undefined}
</section>`;
}

const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'Act now',
  warning: 'Act today',
  info: 'At leisure',
};

function openFinding(finding: Finding, headline: string): Html {
  const { severity } = finding;
  const { title } = describeFinding(finding);
  return html`
<article class="finding ${severity}">
<header>${badge(severity, severityWords[severity])}<h3>${title === headline ? 'Evidence and remedies' : title}</h3></header>
${bodyMarkup(finding)}
</article>`;
}

function closedFinding(finding: Finding): Html {
  const { severity } = finding;
  return html`
<details class="finding ${severity}">
<summary>${badge(severity, severityWords[severity])} <strong>${describeFinding(finding).title}</strong></summary>
${bodyMarkup(finding)}
</details>`;
}

function bodyMarkup(finding: Finding): Html {
  const { notice, evidence, consequence } = describeFinding(finding);
  const [best, ...others] = finding.remedies;
  const runbook = runbookOf(finding.id);
  return html`<p>${notice}</p>
<ul>${evidence.map((line) => html`<li>${line}</li>`)}</ul>
<p>${consequence}</p>
${best && remedyMarkup(best)}
${others.length === 0 ? undefined : html`<details><summary>Other remedies (${others.length})</summary>${others.map(remedyMarkup)}</details>`}
${runbook === undefined ? undefined : html`<p class="runbook"><a href="docs/runbooks/${runbook}.html">Runbook: ${runbook}</a></p>`}`;
}
