import { count } from '../../readings/format.ts';
import { badge } from '../markup/badge.ts';
import { type Html, html } from '../markup/html.ts';
import { ago } from '../markup/moment.ts';
import { moreMarkup } from '../markup/more.ts';
import { tableMarkup } from '../markup/table.ts';
import { formatState, isWell, type ListedInstance, type Vrrp, type VrrpDaemon } from '../model/vrrp.ts';

const maxInstances = 20;

export function vrrpSection(vrrp: Vrrp | undefined, nowSeconds: number): Html | undefined {
  if (vrrp === undefined) return undefined;
  const { daemons, instances, failedScripts } = vrrp;
  return html`<section id="vrrp" aria-labelledby="vrrp-title">
<h2 id="vrrp-title">VRRP</h2>
${daemons.map(daemonMarkup)}
${failedScripts.length > 0 ? html`<p>${badge('warning', 'Failed')} Tracked scripts: ${failedScripts.join(', ')}.</p>` : undefined}
${instances.length > 0 ? instancesTable(instances.slice(0, maxInstances), nowSeconds) : undefined}
${moreMarkup(instances.length, maxInstances)}
</section>`;
}

function daemonMarkup({ name, isRunning, version, missingProcesses }: VrrpDaemon): Html {
  const isWhole = isRunning && missingProcesses.length === 0;
  const state = isWhole ? badge('good', 'Runs') : badge('critical', isRunning ? 'Process down' : 'Down');
  const missing = missingProcesses.length === 0 ? '' : `: ${missingProcesses.join(', ')} does not run`;
  return html`<p>${state} keepalived ${version}${name === undefined ? '' : `, ${name}`}${missing}</p>`;
}

function instancesTable(instances: readonly ListedInstance[], nowSeconds: number): Html {
  return tableMarkup<ListedInstance>(
    'VRRP instances',
    [
      { title: 'Instance', cell: ({ name }) => name },
      { title: 'State', cell: stateBadge },
      {
        title: 'Since',
        cell: ({ sinceSeconds }) => (sinceSeconds === undefined ? undefined : ago(sinceSeconds, nowSeconds)),
      },
      { title: 'Priority', cell: describePriority, isNumber: true },
      {
        title: 'Router',
        cell: ({ interface: interfaceName, vrid, family }) => `${vrid} on ${interfaceName}, ${family}`,
      },
      { title: 'Addresses', cell: describeAddresses },
      { title: 'Errors', cell: ({ errors }) => count(errors), isNumber: true },
    ],
    instances,
  );
}

function stateBadge(instance: ListedInstance): Html {
  const { state, wantedState } = instance;
  const wants = wantedState === undefined || wantedState === state ? '' : `, wants ${wantedState}`;
  return badge(isWell(instance) ? 'good' : 'critical', `${formatState(state)}${wants}`);
}

/** Lists only what does not match the state of the instance. */
function describeAddresses({ state, addresses }: ListedInstance): string | undefined {
  const described = addresses.map(({ address, isBound }) => {
    if (isBound === (state === 'master')) return address;
    return isBound ? `${address} (is here)` : `${address} (is not here)`;
  });
  return described.length > 0 ? described.join(', ') : undefined;
}

function describePriority({ priority, basePriority }: ListedInstance): string | undefined {
  if (priority === undefined) return basePriority === undefined ? undefined : String(basePriority);
  return basePriority === undefined || basePriority === priority
    ? String(priority)
    : `${priority} (configured ${basePriority})`;
}
