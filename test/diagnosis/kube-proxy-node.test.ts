import { expect, it } from 'vitest';
import { firewallServiceProxyInfo } from '../../src/collectors/firewall/metrics.ts';
import { lvsPlatformInfo } from '../../src/collectors/platform/metrics.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { sample } from '../../src/scrape/metric.ts';
import { readNode } from '../kubernetes-node.ts';

const node = { services: 3000, scaledDown: 0 };

it('finds nothing on a healthy node of Kubernetes with 3,000 services', async () => {
  const [before, now] = [await readNode({ ...node, connections: 100 }), await readNode({ ...node, connections: 110 })];
  const info = now.find(({ metric }) => metric.name === 'lvs_platform_info');
  expect(info?.labels).toMatchObject({ role: 'director', kube_proxy: 'ipvs' });
  expect(now.filter(({ metric }) => metric.name === 'ipvs_virtual_server_real_servers')).toHaveLength(3000);
  expect(diagnose(now, before)).toEqual([]);
});

it.each(['ipvs', 'kube-router'])('recognises a node of Kubernetes by the rules of its firewall: %s', async (proxy) => {
  const all = await readNode({ services: 30, scaledDown: 0, connections: 100 });
  const unnamed = all.filter(({ metric }) => metric !== lvsPlatformInfo);
  const withoutRealServers = (samples: typeof all) =>
    diagnose(samples).filter(({ id }) => id.startsWith('ipvs-service'));
  expect(withoutRealServers(unnamed)).not.toEqual([]);
  expect(withoutRealServers([...unnamed, sample(firewallServiceProxyInfo, 1, { proxy })])).toEqual([]);
});
