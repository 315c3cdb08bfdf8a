import type { Finding, Party, Remedy, Urgency } from '../../diagnosis/finding.ts';
import { badge } from '../markup/badge.ts';
import { type Html, html } from '../markup/html.ts';

/** So many are shown, and so many of them at length. */
const most = { shown: 20, atLength: 3 };

/** @param headline of the page. The finding that it comes from does not say it again. */
export function findingsSection(findings: readonly Finding[], headline: string): Html {
  return html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
${findings.length === 0 ? html`<p>Nothing is wrong that can be seen from here.</p>` : undefined}
${findings.slice(0, most.atLength).map((finding) => openFinding(finding, headline))}
${findings.slice(most.atLength, most.shown).map(closedFinding)}
${findings.length > most.shown ? html`<p>And ${findings.length - most.shown} more: <code>lvs-exporter diagnose</code> lists all.</p>` : undefined}
</section>`;
}

const urgencyWords: Readonly<Record<Urgency, string>> = {
  critical: 'Act now',
  warning: 'Act today',
  info: 'At leisure',
};

function openFinding(finding: Finding, headline: string): Html {
  const { urgency } = finding;
  const title = finding.title === headline ? 'What the headline rests on, and what to do' : finding.title;
  return html`
<article class="finding ${urgency}">
<header>${badge(urgency, urgencyWords[urgency])}<h3>${title}</h3></header>
${bodyMarkup(finding)}
</article>`;
}

function closedFinding(finding: Finding): Html {
  const { urgency, title } = finding;
  return html`
<details class="finding ${urgency}">
<summary>${badge(urgency, urgencyWords[urgency])} <strong>${title}</strong></summary>
${bodyMarkup(finding)}
</details>`;
}

function bodyMarkup({ evidence, consequence, remedies, runbook }: Finding): Html {
  const [best, ...others] = remedies;
  return html`<ul>${evidence.map((line) => html`<li>${line}</li>`)}</ul>
<p>${consequence}</p>
${best && remedyMarkup(best)}
${others.length === 0 ? undefined : html`<details><summary>Other remedies (${others.length})</summary>${others.map(remedyMarkup)}</details>`}
${runbook === undefined ? undefined : html`<p class="runbook"><a href="docs/runbooks/${runbook}.html">Runbook: ${runbook}</a></p>`}`;
}

const parties: Readonly<Record<Party, string>> = {
  tenant: 'inside the virtual machine',
  operator: 'for the operator of the host',
};

function remedyMarkup({ title, by, commands, tradeOff, undo }: Remedy): Html {
  return html`
<div class="remedy">
<h4>${title} <span class="party">${parties[by]}</span></h4>
${commandsMarkup(commands, title)}
<p class="note trade-off">${tradeOff}</p>
${undo.length === 0 ? undefined : html`<details><summary>To take it back</summary>${commandsMarkup(undo, `To take it back: ${title}`)}</details>`}
</div>`;
}

/** A browser would break `--dport` after its first dash. */
function unbroken(command: string): Html[] {
  return command
    .split(' ')
    .map((word, index) => (index === 0 ? html`<span>${word}</span>` : html` <span>${word}</span>`));
}

/** @param title what they do, for the button that copies them. */
function commandsMarkup(commands: readonly string[], title: string): Html | undefined {
  if (commands.length === 0) return undefined;
  return html`<div class="commands" data-title="${title}"><pre>${commands.map((command) => html`<code>${unbroken(command)}\n</code>`)}</pre></div>`;
}
