import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/cli/options/config.ts';
import { needs } from '../needs.ts';
import { bindMounts, flagOf, readServices, type Service } from './compose.ts';
import { readYaml } from './yaml-file.ts';

const run = promisify(execFile);

const file = 'compose.yaml';
const override = 'containers/compose.keepalived.yaml';
const victoriaMetrics = 'containers/compose.victoria-metrics.yaml';
const services = await readServices(file);
const [exporter, prometheus, alertmanager, grafana] = ['lvs-exporter', 'prometheus', 'alertmanager', 'grafana'].map(
  (name) => services[name] ?? { image: 'missing' },
) as [Service, Service, Service, Service];

/** `prom/prometheus:v3.5.0@sha256:...` */
const pinned = /:v?\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/;

describe('docker-compose', needs('docker-compose'), () => {
  it.each([
    [[file], []],
    [[file, override], []],
    [[file, victoriaMetrics], ['vmalert']],
  ])('takes %j', async (files, more) => {
    const { stdout } = await compose(files, 'config', '--services');
    expect(stdout.trim().split('\n').sort()).toEqual([...Object.keys(services), ...more].sort());
  });

  it('adds to the privilege of the exporter what keepalived takes', async () => {
    const { stdout } = await compose([file, override], 'config');
    expect(parse(stdout).services['lvs-exporter']).toMatchObject({
      pid: 'host',
      cap_drop: ['ALL'],
      cap_add: ['NET_ADMIN', 'SYS_PTRACE'],
      security_opt: expect.arrayContaining(['no-new-privileges=true', 'apparmor=unconfined']),
    });
  });
});

async function compose(files: readonly string[], ...words: readonly string[]) {
  return await run('docker-compose', [...files.flatMap((one) => ['-f', one]), ...words]);
}

describe('VictoriaMetrics in place of Prometheus', async () => {
  const own = await readServices(victoriaMetrics);
  const { prometheus: database, vmalert } = own;

  it('names version and digest of every image, and mounts what there is', async () => {
    expect(Object.values(own).filter(({ image }) => !pinned.test(image))).toEqual([]);
    const mounts = Object.values(own).flatMap(bindMounts);
    await expect(Promise.all(mounts.map(({ source }) => stat(source)))).resolves.toHaveLength(mounts.length);
  });

  it('listens where Prometheus does, and has vmalert ask it and send to Alertmanager', () => {
    const address = flagOf(prometheus, 'web.listen-address');
    const flags = (...names: readonly string[]) => names.map((name) => vmalert && flagOf(vmalert, name));
    expect(database && flagOf(database, 'httpListenAddr')).toBe(address);
    expect(flags('datasource.url', 'remoteWrite.url', 'remoteRead.url')).toEqual(Array(3).fill(`http://${address}`));
    expect(flags('notifier.url')).toEqual([`http://${flagOf(alertmanager, 'web.listen-address')}`]);
  });

  it('scrapes what Prometheus would', needs('victoria-metrics'), async () => {
    const words = ['-promscrape.config=containers/prometheus.yml', '-promscrape.config.strictParse=false'];
    await expect(run('victoria-metrics', [...words, '-dryRun'])).resolves.toBeTruthy();
  });
});

describe('compose.yaml', () => {
  it('names version and digest of every image but that which it builds', () => {
    const images = Object.values(services).map(({ image }) => image);
    expect(images.filter((image) => !pinned.test(image))).toEqual(['lvs-exporter']);
  });

  it('mounts what there is, read-only', async () => {
    const mounts = Object.values(services).flatMap(bindMounts);
    await expect(Promise.all(mounts.map(({ source }) => stat(source)))).resolves.toHaveLength(mounts.length);
    expect(mounts.filter(({ options }) => options !== 'ro')).toEqual([]);
  });

  it('gives the exporter the network of the host and one capability', () => {
    expect(exporter).toMatchObject({
      network_mode: 'host',
      user: '0:0',
      read_only: true,
      cap_drop: ['ALL'],
      cap_add: ['NET_ADMIN'],
      security_opt: ['no-new-privileges=true'],
    });
  });

  it('publishes no port except that of the exporter', () => {
    const addresses = [
      flagOf(prometheus, 'web.listen-address'),
      flagOf(alertmanager, 'web.listen-address'),
      grafana.environment?.GF_SERVER_HTTP_ADDR,
    ];
    expect(addresses).toEqual(['127.0.0.1:9090', '127.0.0.1:9093', '127.0.0.1']);
    expect(flagOf(alertmanager, 'cluster.listen-address')).toBe('');
  });

  it('shows Grafana the dashboards where their provisioning looks for them', async () => {
    const { providers } = await readYaml<{ providers: { options: { path: string } }[] }>(
      'dashboards/provisioning/dashboards/lvs-exporter.yaml',
    );
    const dashboards = bindMounts(grafana).find(({ source }) => source === './dashboards');
    expect(providers.map(({ options }) => options.path)).toEqual([dashboards?.target]);
    const home = grafana.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH ?? '';
    expect((await stat(home.replace(dashboards?.target ?? '', 'dashboards'))).isFile()).toBe(true);
  });

  it('has Prometheus where the data source of Grafana looks for it', async () => {
    const { datasources } = await readYaml<{ datasources: { url: string; jsonData: { timeInterval: string } }[] }>(
      'dashboards/provisioning/datasources/prometheus.yaml',
    );
    const port = flagOf(prometheus, 'web.listen-address')?.split(':')[1];
    expect(datasources.map(({ url }) => url)).toEqual([`http://localhost:${port}`]);
    const { global } = await readYaml<PrometheusConfiguration>('containers/prometheus.yml');
    expect(datasources.map(({ jsonData }) => jsonData.timeInterval)).toEqual([global.scrape_interval]);
  });
});

interface PrometheusConfiguration {
  readonly global: { readonly scrape_interval: string };
  readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
  readonly alerting: {
    readonly alertmanagers: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
  };
}

describe('the configuration of Prometheus', async () => {
  const configuration = await readYaml<PrometheusConfiguration>('containers/prometheus.yml');
  const targets = (configs: PrometheusConfiguration['scrape_configs']) =>
    configs.flatMap(({ static_configs }) => static_configs.flatMap((one) => one.targets));

  it('scrapes the exporter and notifies Alertmanager at their addresses', () => {
    expect(readConfig(exporter.command ?? [])).toMatchObject({ listenAddresses: [{ port: 10_044 }] });
    expect(targets(configuration.scrape_configs)).toEqual(['localhost:10044']);
    expect(targets(configuration.alerting.alertmanagers)).toEqual(['localhost:9093']);
  });

  it('finds its rules where they are mounted', needs('promtool'), async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-compose-'));
    try {
      for (const { source, target } of bindMounts(prometheus)) {
        await cp(source, join(folder, target), { recursive: true });
      }
      const file = join(folder, flagOf(prometheus, 'config.file') ?? '');
      const { stdout } = await run('promtool', ['check', 'config', file]);
      expect(stdout).toMatch(/SUCCESS: 1 rule files found/);
      expect(dirname(file)).toBe(join(folder, '/etc/prometheus'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
