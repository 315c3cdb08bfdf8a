import { defaultCollectors } from '../src/collectors/index.ts';
import type { Collector } from '../src/scrape/collector.ts';
import { exporterMetrics } from '../src/scrape/exporter-metrics.ts';
import type { Metric } from '../src/scrape/metric.ts';

/** docs/metrics.md, from the declarations of the metrics. */
export function metricsDocument(): string {
  return `# Metrics

Made by \`npm run generate\` from the declarations in the source.

An unknown value is absent, never 0. Counters are the totals of the kernel or of keepalived, unchanged: use
\`rate()\`. Labels that do not apply are empty.

${section('exporter', 'The exporter itself. The metrics of its process, `process_*` and `nodejs_*`, come on top.', exporterMetrics)}
${defaultCollectors.map((collector) => section(collector.name, describe(collector), collector.metrics)).join('\n')}`;
}

function describe({ name, help, schedule, optional }: Collector): string {
  const when = schedule === undefined ? 'Read at every scrape.' : `Read on a schedule, \`${schedule}\`.`;
  return optional ? `${help} ${when} Off by default: \`--collector.${name}\`.` : `${help} ${when}`;
}

function section(name: string, about: string, metrics: readonly Metric[]): string {
  return `## ${name}

${about}

| metric | type | labels | meaning |
| --- | --- | --- | --- |
${metrics.map(row).join('\n')}
`;
}

function row({ name, type, labels, help }: Metric): string {
  return `| \`${name}\` | ${type} | ${labels.join(', ')} | ${help.replaceAll('|', '\\|')} |`;
}
