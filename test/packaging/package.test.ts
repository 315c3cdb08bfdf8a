import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nodeVersion } from '../../packaging/architecture.ts';
import { buildPackage } from '../../packaging/package.ts';
import { needs } from '../needs.ts';
import { loggedAddress } from '../program.ts';

const version = '1.2.3';
let folder: string;
let file: string;
/** Its content, unpacked. */
let root: string;

function build(directory: string): Promise<string> {
  const maintainer = 'Example Maintainer <maintainer@example.org>';
  const date = new Date('2026-01-02T03:04:05Z');
  return buildPackage({ repository: process.cwd(), version, maintainer, date, architecture: 'amd64', directory });
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function control(field: string): string {
  return execFileSync('dpkg-deb', ['--field', file, field], { encoding: 'utf8' }).trim();
}

describe('the Debian package', needs('dpkg', 'dpkg-deb', 'gzip', 'tar', 'x64'), () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-package-'));
    root = join(folder, 'root');
    file = await build(join(folder, 'one'));
    execFileSync('dpkg-deb', ['--raw-extract', file, root]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is the same, byte for byte, when it is built again with another umask', async () => {
    const before = process.umask(0o077);
    const again = await build(join(folder, 'two')).finally(() => process.umask(before));
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  });

  it('depends on the packages whose libraries its programs load', needs('dpkg-query', 'ldd'), () => {
    const programs = ['node', 'node_modules/@koromix/koffi-linux-x64/linux_x64/koffi.node'];
    const libraries = programs.flatMap((program) => {
      const output = execFileSync('ldd', [join(root, 'usr/lib/lvs-exporter', program)], { encoding: 'utf8' });
      // Whether dpkg lists them below /usr or not depends on the release of Debian.
      return [...output.matchAll(/ (\/\S+) \(/g)].map(([, path = '']) => `*${realpathSync(path).replace('/usr', '')}`);
    });
    const owners = execFileSync('dpkg-query', ['--search', ...new Set(libraries)], { encoding: 'utf8' });
    const packages = [...owners.matchAll(/^([^:]+):/gm)].map(([, name]) => name);
    const named = control('Depends')
      .replaceAll(/ \(.*?\)/g, '')
      .split(', ');
    expect(named).toEqual([...new Set(packages)].sort());
  });

  it('names every file of /etc as a configuration file, and sums that are right', () => {
    const below = readdirSync(join(root, 'etc'), { recursive: true, withFileTypes: true });
    const files = below.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files.map((path) => path.slice(root.length))).toEqual(read('DEBIAN/conffiles').trim().split('\n'));
    expect(() =>
      execFileSync('md5sum', ['--check', '--strict', '--quiet', 'DEBIAN/md5sums'], { cwd: root }),
    ).not.toThrow();
  });

  it('has the rules and dashboards, and provisioning that finds them', () => {
    const share = join(root, 'usr/share/lvs-exporter');
    const plain = (directory: string) => readdirSync(directory).filter((name) => /\.(ya?ml|json)$/.test(name));
    expect(readdirSync(join(share, 'alerts'))).toEqual(plain('alerts'));
    expect(readdirSync(join(share, 'dashboards'))).toEqual(plain('dashboards'));
    expect(readdirSync(join(share, 'grafana.com'))).toEqual(plain('dashboards'));
    const { providers } = parse(read('usr/share/lvs-exporter/provisioning/dashboards/lvs-exporter.yaml'));
    expect(providers[0].options.path).toBe('/usr/share/lvs-exporter/dashboards');
  });

  it('gives jsonnet the dashboards and rules', needs('jsonnet'), () => {
    const program = `local lvs = import '${root}/usr/share/lvs-exporter/mixin.libsonnet'; [
      std.objectFieldsAll(lvs.grafanaDashboards), std.length(lvs.prometheusAlerts.groups), std.length(lvs.prometheusRules.groups),
    ]`;
    const [names, alerts, rules] = JSON.parse(execFileSync('jsonnet', ['-e', program], { encoding: 'utf8' }));
    expect(names).toHaveLength(5);
    expect(Math.min(alerts, rules)).toBeGreaterThan(0);
  });

  it('has the licence of everything that it comes with', () => {
    const text = read('usr/share/doc/lvs-exporter/copyright');
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const missing = Object.entries(dependencies).filter(
      ([name, version]) => !text.includes(`\n${name} ${version}, in`),
    );
    expect(missing).toEqual([]);
    expect(text).toContain(`\nNode.js ${nodeVersion}, in /usr/lib/lvs-exporter/node\n`);
    expect(text).toContain('\nuPlot, in ');
  });

  it('has scripts that a plain shell understands', needs('dash'), () => {
    for (const script of ['DEBIAN/postinst', 'DEBIAN/prerm', 'DEBIAN/postrm', 'usr/bin/lvs-exporter']) {
      expect(() => execFileSync('dash', ['-n', join(root, script)])).not.toThrow();
    }
  });

  it('serves with its own Node.js: metrics, the table over netlink, the page, the documents', async () => {
    const home = join(root, 'usr/lib/lvs-exporter');
    expect(readlinkSync(join(home, 'dist/docs/images'))).toBe('../../../../share/lvs-exporter/docs/images');
    const words = [join(home, 'dist/main.js'), '--web.listen-address=127.0.0.1:0', '--no-collector.keepalived-dumps'];
    const child = spawn(join(home, 'node'), words, { env: { PATH: process.env.PATH } });
    const ended = once(child, 'close');
    try {
      const address = await loggedAddress(child.stderr);
      const get = async (path: string) => await (await fetch(`http://${address}${path}`)).text();
      while ((await fetch(`http://${address}/-/ready`)).status !== 200) await sleep(20);
      const metrics = await get('/metrics');
      expect(metrics).toContain(`lvs_exporter_build_info{version="${version}"`);
      expect(metrics).toContain(`node_version="v${nodeVersion}"`);
      expect(metrics).toMatch(/^lvs_exporter_source_info\{collector="conntrack-table",source="netlink"\} 1$/m);
      expect(await get('/')).toContain('assets/page.js');
      expect(await get('/docs/permissions.html')).toContain('Permissions');
      expect((await fetch(`http://${address}/docs/images/status-page.png`)).status).toBe(200);
    } finally {
      child.kill();
      await ended;
    }
  });
});
