import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebianArchitecture } from './architecture.ts';
import { packTar } from './archive.ts';
import type { Component } from './bill-of-materials.ts';
import { installLibraries } from './debian-libraries.ts';
import type { OciLayout } from './oci-layout.ts';
import { projectAddress } from './project-address.ts';
import { runtimeEnvironment, runtimeOptions } from './runtime-options.ts';
import { createTree, readText } from './tree.ts';

export interface ImageOptions {
  readonly repository: string;
  readonly version: string;
  readonly commit: string;
  readonly date: Date;
  readonly architecture: DebianArchitecture;
  /** The tree of the Debian package. */
  readonly root: string;
}

const home = 'usr/lib/lvs-exporter';
const node = `${home}/node`;

/**
 * Adds the image of an architecture: shared libraries and the runtime in one layer, the program in another, without a
 * shell or a package manager. Returns the Debian packages that the libraries come from.
 */
export function addImage(layout: OciLayout, options: ImageOptions): Component[] {
  const work = mkdtempSync(join(tmpdir(), 'lvs-exporter-image-'));
  try {
    const [runtime, program] = [join(work, 'runtime'), join(work, 'program')];
    const libraries = layOutRuntime(runtime, work, options);
    layOutProgram(program, options.root);
    const layers = [runtime, program].map((root) =>
      packTar(root, readdirSync(root).sort(), join(work, 'layer.tar'), options.date),
    );
    const { architecture, date } = options;
    layout.addImage({ architecture, created: date.toISOString(), config: configuration(options) }, layers);
    return libraries;
  } finally {
    rmSync(work, { recursive: true });
  }
}

function layOutRuntime(runtime: string, work: string, { architecture, root }: ImageOptions): Component[] {
  const tree = createTree(runtime);
  tree.write('/etc/passwd', 'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n');
  tree.write('/etc/group', 'root:x:0:\nnonroot:x:65532:\n');
  tree.copy(join(root, node), `/${node}`);
  for (const folder of ['proc', 'sys', 'dev', 'tmp', 'run']) mkdirSync(join(runtime, folder));
  const download = join(work, 'download');
  mkdirSync(download);
  return installLibraries(runtime, architecture, download);
}

/** Without a shell, the command is a script of the runtime. */
const command = `#!/${node} --disable-sigusr1
import('/${home}/dist/main.js');
`;

function layOutProgram(program: string, root: string): void {
  const tree = createTree(program);
  const runtime = join(root, node);
  cpSync(join(root, home), join(program, home), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path !== runtime,
  });
  for (const path of ['usr/share/lvs-exporter/docs/images', 'usr/share/doc/lvs-exporter/copyright']) {
    tree.copy(join(root, path), path);
  }
  tree.write('/usr/bin/lvs-exporter', command);
  chmodSync(join(program, 'usr/bin/lvs-exporter'), 0o755);
}

/** The same as the Dockerfile has: a test compares them. */
function configuration({ repository, version, commit }: ImageOptions) {
  const { description, license } = JSON.parse(readText(repository, 'package.json'));
  const label = 'org.opencontainers.image';
  return {
    User: '65532:65532',
    ExposedPorts: { '10044/tcp': {} },
    Env: [
      'PATH=/usr/bin',
      'NODE_ENV=production',
      ...Object.entries(runtimeEnvironment).map((variable) => variable.join('=')),
      `NODE_OPTIONS=${runtimeOptions.join(' ')}`,
    ],
    Entrypoint: ['lvs-exporter'],
    WorkingDir: '/',
    StopSignal: 'SIGTERM',
    Labels: {
      [`${label}.title`]: 'lvs-exporter',
      [`${label}.description`]: description,
      [`${label}.licenses`]: license,
      [`${label}.source`]: projectAddress,
      [`${label}.version`]: version,
      [`${label}.revision`]: commit,
    },
  };
}
