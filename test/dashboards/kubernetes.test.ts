import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolve } from '../../dashboards/preview/resolve.ts';
import type { HistoryPrometheus } from '../../scripts/history-prometheus.ts';
import { needs } from '../needs.ts';
import { expressionOf } from './expressions.ts';
import { startWritten, type Written, written } from './written-history.ts';

/** Two services, the first without real servers. */
function machine(instance: string, kubeProxy: string): Written[] {
  const target = { job: 'lvs-exporter', cluster: 'one', instance };
  const service = (port: string) => ({
    ...target,
    protocol: 'tcp',
    address: '10.96.0.1',
    port,
    fwmark: '',
    family: '',
  });
  const of = (name: string) => [
    { name, labels: service('80'), value: 0 },
    { name, labels: service('443'), value: 2 },
  ];
  return [
    { name: 'up', labels: target, value: 1 },
    { name: 'lvs_platform_info', labels: { ...target, role: 'director', kube_proxy: kubeProxy }, value: 1 },
    ...of('ipvs_virtual_server_real_servers'),
    ...of('ipvs_virtual_server_weight'),
  ];
}

describe('services of Kubernetes', needs('prometheus', 'promtool'), () => {
  let prometheus: HistoryPrometheus;

  beforeAll(async () => {
    prometheus = await startWritten([...machine('node', 'ipvs'), ...machine('director', '')]);
  });

  afterAll(() => prometheus?.stop());

  // The columns of servers and of weights.
  it.each(['B', 'C'])('distinguishes 0 there from 0 on a director: column %s', async (query) => {
    const setting = { scrapeSeconds: 15, rangeSeconds: 3600, picked: { cluster: 'one' } };
    const shown = await prometheus.queryRange(resolve(expressionOf('lvs-ipvs', `Services ${query}`), setting), {
      ...written,
      startSeconds: written.endSeconds,
    });
    const values = shown.map(({ labels, points }) => [`${labels.instance} ${labels.port}`, points.at(-1)?.[1]]);
    expect(Object.fromEntries(values)).toEqual({ 'director 80': 0, 'director 443': 2, 'node 80': -1, 'node 443': 2 });
  });
});
