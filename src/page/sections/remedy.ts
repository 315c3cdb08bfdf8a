import type { Owner } from '../../diagnosis/owner.ts';
import { type CheckFirst, isNone, type Remedy } from '../../diagnosis/remedy.ts';
import { howToKeep } from '../../diagnosis/remedy-text.ts';
import { type Html, html } from '../markup/html.ts';

const owners: Readonly<Record<Owner, string>> = {
  tenant: 'inside the virtual machine',
  operator: 'for the operator of the host',
  'platform team': 'for the team that runs the platform',
};

/** What to do about a finding. Its way back and its lasting form are folded. */
export function remedyMarkup(remedy: Remedy): Html {
  const { title, owner, commands, tradeOff, checkFirst, effect } = remedy;
  return html`
<div class="remedy">
<h4>${title} <span class="party">${owners[owner]}</span></h4>
${checkFirst.map((check) => checkMarkup(check, title))}
${commandsMarkup(commands, title)}
<p class="note trade-off">${tradeOff}</p>
${effect === 'look' ? undefined : html`<details><summary>Verify, undo, keep after a restart</summary>${afterwardsMarkup(remedy)}</details>`}
</div>`;
}

function checkMarkup({ requires, command }: CheckFirst, title: string): Html {
  return html`<p class="note">Check first: ${requires}:</p>${commandsMarkup([command], `Check first, ${title}: ${requires}`)}`;
}

function afterwardsMarkup({ title, verify, undo, persistent }: Remedy): Html {
  const files = isNone(persistent)
    ? html`<p class="note">After a restart: ${persistent.none}</p>`
    : html`${persistent.map((one) => html`<p class="note">To keep this after a restart, ${howToKeep(one)}:</p>${commandsMarkup(one.lines, `Keep: ${title}, in ${one.file}`)}`)}`;
  const back = isNone(undo)
    ? html`<p class="note">Undo: ${undo.none}</p>`
    : html`<p class="note">Undo:</p>${commandsMarkup(undo, `Undo: ${title}`)}`;
  return html`<p class="note">Did it work?</p>${commandsMarkup(verify, `Verify: ${title}`)}${back}${files}`;
}

/** A browser would break `--dport` after its first dash. */
function unbroken(command: string): Html[] {
  return command
    .split(' ')
    .map((word, index) => (index === 0 ? html`<span>${word}</span>` : html` <span>${word}</span>`));
}

/** @param title what they do, for the button that copies them. */
function commandsMarkup(commands: readonly string[], title: string): Html {
  return html`<div class="commands" data-title="${title}"><pre>${commands.map((command) => html`<code>${unbroken(command)}\n</code>`)}</pre></div>`;
}
