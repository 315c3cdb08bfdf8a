import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const chart = 'charts/lvs-exporter';

/** What the recorded manifests are made from. */
export interface Recording {
  /** Of the templates and the values. */
  readonly sha256: string;
  /** Each variant of the values: the text of each template. */
  readonly rendered: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const recording = 'test/charts/rendered.json';

/** What is set in each variant, beside values.yaml. */
export const variants = {
  default: {},
  everything: {
    image: { repository: 'registry.example/lvs-exporter', tag: '2.0.0', pullPolicy: 'Always' },
    imagePullSecrets: [{ name: 'registry' }],
    args: ['--collector.ipvs.aggregate'],
    directors: { enabled: true, label: 'lvs-exporter/director', args: ['--collector.keepalived.max-series=100'] },
    port: 10045,
    priorityClassName: 'system-node-critical',
    podAnnotations: { note: 'yes: "quoted"' },
    podLabels: { team: 'network' },
    podMonitor: { enabled: true, labels: { release: 'prometheus' }, interval: '30s' },
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' }, interval: '30s' },
    prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
    dashboards: { enabled: true, labels: { grafana_dashboard: '1' }, annotations: { folder: 'LVS' } },
  },
  affinity: { affinity: { podAntiAffinity: {} }, directors: { enabled: false } },
} as const;

/** Small files in place of the rules and dashboards, with what templates and quotation could spoil. */
export const files = {
  'files/rules.yml': '# A comment\ngroups:\n  - name: one\n    rules:\n      - record: "a:b"\n        expr: a\n',
  'files/dashboards/one.json': '{\n  "title": "{{ name }} \\\\ \\"quoted\\""\n}\n',
  'files/dashboards/other.json': '{}\n',
} as const;

export const release = { Name: 'lvs-exporter', Namespace: 'monitoring', Service: 'Helm' };

export function hashTemplates(): string {
  const hash = createHash('sha256');
  const templates = readdirSync(join(chart, 'templates')).sort();
  for (const name of [...templates.map((template) => `templates/${template}`), 'values.yaml']) {
    hash.update(`${name}\n`).update(readFileSync(join(chart, name)));
  }
  return hash.digest('hex');
}
