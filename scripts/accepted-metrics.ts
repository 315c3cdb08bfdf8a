import { readFileSync } from 'node:fs';
import { defaultCollectors } from '../src/collectors/index.ts';
import { exporterMetrics } from '../src/scrape/exporter-metrics.ts';
import type { Metric } from '../src/scrape/metric.ts';

/** The metrics that dashboards and rules of others may rely on: one a line, with its type and its labels. */
export const acceptedMetricsPath = 'docs/metrics.txt';

const declared: readonly Metric[] = [...exporterMetrics, ...defaultCollectors.flatMap(({ metrics }) => metrics)];

type Contract = Pick<Metric, 'name' | 'type' | 'labels'>;

/** A metric, or a label of one, that is gone or is something else now. */
interface Breach {
  readonly accepted: Contract;
  /** What a line in the changelog has to name: the metric, and labels. */
  readonly names: readonly string[];
}

/**
 * docs/metrics.txt as it should be: the metrics that are declared, and those that were accepted and are broken without a
 * line that reports it. They stay until there is one.
 */
export function acceptedMetrics(): string {
  const [accepted, changelog] = [readText(acceptedMetricsPath), readText('CHANGELOG.md')];
  return renderContracts([...declared, ...findBreaches(accepted, changelog).map((breach) => breach.accepted)]);
}

function readText(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

/** What of `accepted` no longer holds, and is not named in a line marked [CHANGE] of what is not released yet. */
export function findBreaches(accepted: string, changelog: string, present: readonly Contract[] = declared): Breach[] {
  const changes = listChanges(changelog);
  return parseContracts(accepted)
    .flatMap((one) => compare(one, present))
    .filter(({ names }) => !changes.some((change) => names.every((name) => change.includes(`\`${name}\``))));
}

/** A label that is added breaks nothing. */
function compare(accepted: Contract, present: readonly Contract[]): Breach[] {
  const { name, type, labels } = accepted;
  const now = present.find((one) => one.name === name && one.type === type);
  if (now === undefined) return [{ accepted, names: [name] }];
  const lost = labels.filter((label) => !now.labels.includes(label));
  return lost.length === 0 ? [] : [{ accepted, names: [name, ...lost] }];
}

function listChanges(changelog: string): string[] {
  const [, unreleased = ''] = changelog.split(/^## /m);
  return unreleased.split(/^\* /m).filter((entry) => entry.startsWith('[CHANGE] '));
}

export function renderContracts(contracts: readonly Contract[]): string {
  const lines = contracts.map(({ name, type, labels }) => `${[name, type, ...labels].join(' ')}\n`);
  return [...new Set(lines)].sort().join('');
}

function parseContracts(text: string): Contract[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', type, ...labels] = line.split(' ');
      return { name, type: type === 'counter' ? 'counter' : 'gauge', labels };
    });
}
