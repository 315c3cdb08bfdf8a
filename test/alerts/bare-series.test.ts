import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../scripts/free-port.ts';
import { type Prometheus, startPrometheus } from '../../scripts/prometheus.ts';
import { needs } from '../needs.ts';
import { badText, bareGroups, type Group, idOf } from './bare-series.ts';

interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

describe('the rules on Prometheus', needs('prometheus'), () => {
  let folder: string;
  let prometheus: Prometheus;
  let groups: readonly Group[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-bare-'));
    groups = parse(await readFile('alerts/lvs-exporter.rules.yml', 'utf8')).groups;
    await writeFile(join(folder, 'rules.yml'), stringify({ groups: bareGroups(groups) }));
    const configuration = join(folder, 'prometheus.yml');
    await writeFile(configuration, stringify({ rule_files: ['rules.yml'] }));
    prometheus = await startPrometheus({ configuration, data: join(folder, 'data'), port: await freePort() });
  });

  afterAll(async () => {
    await prometheus?.stop();
    await rm(folder, { recursive: true });
  });

  async function activeAlerts(): Promise<readonly ActiveAlert[]> {
    const answer = await fetch(`${prometheus.url}/api/v1/alerts`);
    const { data } = (await answer.json()) as { readonly data: { readonly alerts: readonly ActiveAlert[] } };
    return data.alerts;
  }

  it('fire every alert, also for a series that has hardly a label', async () => {
    const expected = groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined).map(idOf));
    const missing = async () => {
      const active = (await activeAlerts()).map(({ labels }) => `${labels.alertname} ${labels.severity}`);
      return expected.filter((id) => !active.includes(id));
    };
    await expect.poll(missing).toEqual([]);
    const texts = (await activeAlerts()).flatMap(({ annotations }) => Object.values(annotations));
    expect(texts.filter((one) => badText.test(one))).toEqual([]);
  });
});
