import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWire, ip, startKeepalived, type Wire } from '../keepalived/directors.ts';
import { needs } from '../needs.ts';
import { readServices } from './compose.ts';
import { type Container, type Privilege, startContainer } from './container.ts';
import { buildImage, type Image } from './image.ts';
import { readYaml } from './yaml-file.ts';

const engine = needs(
  'runc',
  'ip',
  'ldd',
  'seccomp.json',
  'root',
  'network namespaces',
  'mount namespaces',
  'ctnetlink',
);
const services = await readServices('compose.yaml');
const { user = '', cap_add: capabilities = [] } = services['lvs-exporter'] ?? {};
const asComposed: Privilege = { user, capabilities };
const { pid, cap_add: added = [] } = (await readServices('containers/compose.keepalived.yaml'))['lvs-exporter'] ?? {};
const [ofPod] = (await readYaml<IDaemonSet>('containers/daemonset.yaml')).spec?.template.spec?.containers ?? [];
const probes = [ofPod?.startupProbe, ofPod?.livenessProbe].map((probe) => probe?.httpGet?.path ?? '');

describe('the image', engine, () => {
  let folder: string;
  let image: Image;
  let network: string;
  let container: Container | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-image-'));
    network = basename(folder).replace('exporter', 'test');
    ip('netns', 'add', network);
    ip('-n', network, 'link', 'set', 'lo', 'up');
    image = await buildImage(folder);
  });

  afterEach(async () => {
    await container?.stop();
    container = undefined;
  });

  afterAll(async () => {
    ip('netns', 'delete', network);
    await rm(folder, { recursive: true });
  });

  async function start(privilege: Privilege, ...args: readonly string[]): Promise<Container> {
    container = await startContainer({ ...privilege, image, folder, network, args });
    return container;
  }

  it('serves, is healthy and reads the table, as compose.yaml runs it', async () => {
    const { exec } = await start(asComposed);
    const metrics = await scrape(exec);
    expect(await exec(...image.healthcheck)).toEqual({ code: 0, output: '' });
    expect(metrics).toMatch(/^lvs_exporter_source_info\{collector="conntrack-table",source="netlink"\} 1$/m);
    expect(failedCollectors(metrics)).toEqual([]);
    expect(await container?.stop()).toBe(0);
    container = undefined;
  });

  it('serves the rest without privilege, as the user that it names', async () => {
    const { exec, log } = await start({ capabilities: [] });
    expect(failedCollectors(await scrape(exec))).toEqual(['conntrack-table']);
    const { output: status } = await exec('cat', '/proc/1/status');
    expect(status).toMatch(/^Uid:\t65532\t/m);
    expect(status).toMatch(/^NoNewPrivs:\t1\nSeccomp:\t2\n/m);
    expect(log()).toContain('grant CAP_NET_ADMIN');
  });

  // What Docker does with capabilities that are added for another user than root: nothing.
  it('has no use of a capability without root', async () => {
    const { exec } = await start({ capabilities });
    expect(failedCollectors(await scrape(exec))).toEqual(['conntrack-table']);
  });

  it('is not healthy where nothing listens on its port', async () => {
    const { exec } = await start(asComposed, '--web.listen-address=:10045');
    expect(await exec(...image.healthcheck)).toEqual({ code: 1, output: '' });
  });

  it('has the command for who looks for a cause', async () => {
    const { exec } = await start(asComposed);
    expect(await exec('lvs-exporter', 'diagnose', '--duration=1s')).toEqual({
      code: 1,
      output: expect.stringMatching(/^WARNING: .* host's network namespace\n/),
    });
  });

  it('answers at the paths of the probes', async () => {
    const { exec } = await start(asComposed);
    await scrape(exec);
    expect(probes).toEqual(['/-/ready', '/-/healthy']);
    for (const path of probes) expect(await exec(...get(path))).toMatchObject({ code: 0 });
    expect(await exec(...get('/-/no-such'))).toMatchObject({ code: 1 });
  });

  describe('beside keepalived', needs('keepalived'), () => {
    let wire: Wire;
    let stopKeepalived: () => Promise<void>;

    beforeAll(() => {
      wire = createWire();
      const keepalived = startKeepalived(
        wire.names[0],
        join(wire.folder, 'first'),
        configuration,
        'mount --bind . /tmp && cd /tmp',
      );
      stopKeepalived = () => keepalived.end('SIGKILL');
    });

    afterAll(async () => {
      await stopKeepalived();
      wire.remove();
    });

    async function observe(privilege: Privilege): Promise<string> {
      container = await startContainer({ ...privilege, image, folder, network: wire.names[0], args: [] });
      return await scrape(container.exec);
    }

    it('cannot see it from a PID namespace of its own', async () => {
      const metrics = await observe(asComposed);
      expect(metrics).not.toMatch(/^keepalived_vrrp_state/m);
      expect(failedCollectors(metrics)).toEqual([]);
    });

    it('reads its dumps with what compose.keepalived.yaml adds', async () => {
      const metrics = await observe({
        ...asComposed,
        capabilities: [...capabilities, ...added],
        hostPid: pid === 'host',
      });
      expect(metrics).toMatch(/^keepalived_vrrp_state\{instance_name="VI_1",.*\} 1$/m);
      expect(failedCollectors(metrics)).toEqual([]);
    });

    it('reports what is missing without it', async () => {
      const metrics = await observe({ ...asComposed, hostPid: true });
      expect(failedCollectors(metrics)).toEqual(['keepalived-dumps', 'keepalived', 'keepalived-checkers']);
      expect(container?.log()).toContain('CAP_SYS_PTRACE');
    });
  });
});

const configuration = `
vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 1
  virtual_ipaddress {
    10.9.0.100/24
  }
}
`;

type Exec = Container['exec'];

/** What the exporter reports when every collector has run once. */
async function scrape(exec: Exec): Promise<string> {
  while ((await exec(...get('/-/ready'))).code !== 0) await sleep(100);
  const { code, output } = await exec(...get('/metrics'));
  expect(code).toBe(0);
  return output;
}

/** A command that prints what is at a path and fails where nothing is. */
function get(path: string): string[] {
  const program = `
    const response = await fetch('http://127.0.0.1:10044${path}');
    process.stdout.write(await response.text());
    process.exitCode = response.ok ? 0 : 1;`;
  return ['node', '--input-type=module', '-e', program];
}

function failedCollectors(metrics: string): string[] {
  const failed = metrics.matchAll(/^lvs_exporter_collector_success\{collector="(.*)"\} 0$/gm);
  return [...failed].map(([, collector = '']) => collector);
}
