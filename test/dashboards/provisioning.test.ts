import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

async function read(path: string): Promise<unknown> {
  return parse(await readFile(`dashboards/provisioning/${path}`, 'utf8'));
}

const documented = await readFile('docs/dashboards.md', 'utf8');

it('dashboards are provided from a folder that the documentation names, and not to be changed by hand', async () => {
  const folder = '/var/lib/grafana/dashboards/lvs-exporter';
  expect(await read('dashboards/lvs-exporter.yaml')).toEqual({
    apiVersion: 1,
    providers: [
      {
        name: 'lvs-exporter',
        type: 'file',
        folder: 'LVS',
        allowUiUpdates: false,
        updateIntervalSeconds: 60,
        options: { path: folder },
      },
    ],
  });
  expect(documented).toContain(folder);
});

it('the data source does not become the default one, and has the scrape interval', async () => {
  expect(await read('datasources/prometheus.yaml')).toEqual({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        access: 'proxy',
        url: 'http://localhost:9090',
        jsonData: { httpMethod: 'POST', timeInterval: '15s' },
      },
    ],
  });
});
