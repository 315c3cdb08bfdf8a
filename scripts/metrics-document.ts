import { defaultCollectors } from '../src/collectors/index.ts';
import { exporterMetrics } from '../src/exporter-metrics.ts';
import type { Metric } from '../src/metric.ts';

/** docs/metrics.md, from the declarations of the metrics. */
export function metricsDocument(): string {
  return `# Metrics

Made by \`npm run generate\` from the declarations in the source.

A value that is not known is absent, never 0. Counters are the totals of the kernel or of keepalived, passed through: use
\`rate()\`. Labels that do not apply are empty.

${section('exporter', 'The exporter itself. The metrics of its process, `process_*` and `nodejs_*`, come on top.', exporterMetrics)}
${defaultCollectors.map(({ name, help, metrics, schedule }) => section(name, describe(help, schedule), metrics)).join('\n')}`;
}

function describe(help: string, schedule: string | undefined): string {
  return schedule === undefined ? `${help} Read at every scrape.` : `${help} Read on a schedule, \`${schedule}\`.`;
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
