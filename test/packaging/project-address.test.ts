import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectAddress } from '../../packaging/project-address.ts';

const manifests = ['package.json', 'Dockerfile', 'charts/lvs-exporter/Chart.yaml'];
const generated = ['alerts/lvs-exporter.rules.yml', 'alerts/prometheus-rule.yaml', 'dashboards/lvs-overview.json'];

describe('the address of the project', () => {
  it.each([...manifests, ...generated])('is the one of packaging/project-address.ts: %s', (file) => {
    const found = readFileSync(file, 'utf8').match(/https:\/\/[\w./-]+?\/lvs-exporter\b(?!\/lvs-exporter)/g) ?? [];
    expect([...new Set(found)]).toEqual([projectAddress]);
  });
});
