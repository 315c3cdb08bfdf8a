import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../src/page/model/status.ts';
import { servicesSection } from '../../../src/page/sections/services.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { addedUp, series, service } from '../series.ts';

function section(samples: readonly Sample[]): string {
  const { services, downServers } = describeStatus({ atSeconds: 0, samples }, undefined);
  return servicesSection(services, downServers)?.markup ?? '';
}

describe('servicesSection()', () => {
  it('explains weight 0 of a real server', () => {
    expect(section(service('80', 0, [1, 0]))).toContain('>0 <span class="note">no new connections</span></td>');
    expect(section(service('80', 0, [1, 2]))).not.toContain('no new connections');
  });

  it('marks aggregated real servers as all together', () => {
    expect(section(addedUp(service('80', 0, [3])))).toContain('>All together</th>');
  });

  it('reports why a service has no real servers', () => {
    expect(section(service('80', 0, [0, 0]))).toContain('All weights 0</span>');
    expect(section(service('80', 0, []))).toContain('No real servers</span>');
  });

  it('shows services without endpoints last on a node of Kubernetes, and as no fault', () => {
    const samples = [...service('80', 0, []), ...service('443', 0, [1, 1])];
    const order = (text: string) => [...text.matchAll(/<strong>tcp [\d.]+:(\d+)/g)].map(([, port]) => port);
    const onDirector = section(samples);
    expect(order(onDirector)).toEqual(['80', '443']);
    expect(onDirector).toContain('badge critical');
    const onNode = section([...samples, series('lvs_platform_info', 1, { kube_proxy: 'ipvs' })]);
    expect(order(onNode)).toEqual(['443', '80']);
    expect(onNode).not.toContain('badge critical');
  });
});
