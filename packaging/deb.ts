import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { architectures, type DebianArchitecture } from './architecture.ts';
import { buildPackage } from './package.ts';
import { packageIdentity } from './package-identity.ts';
import { readText } from './tree.ts';

const repository = join(import.meta.dirname, '..');

const help = `Usage: npm run package:deb -- [OPTION]...

Builds the Debian package and prints its path.

Options:
  --arch=ARCHITECTURE  ${Object.keys(architectures).join(' or ')}  (default: that of this machine)
  --out=DIR            where to put it  (default: out)
  --help               Show this help and exit.

It is dated by SOURCE_DATE_EPOCH, else by the last commit, and maintained by DEBFULLNAME and DEBEMAIL.
`;

try {
  const options = {
    arch: { type: 'string' },
    out: { type: 'string', default: join(repository, 'out') },
    help: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) process.stdout.write(help);
  else process.stdout.write(`${await build(values.arch ?? machineArchitecture(), values.out)}\n`);
} catch (error) {
  process.stderr.write(`package:deb: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function build(architecture: string, directory: string): Promise<string> {
  if (!isKnown(architecture)) {
    throw new RangeError(`Expected an architecture of ${Object.keys(architectures).join(', ')}, got "${architecture}"`);
  }
  const { version } = JSON.parse(readText(repository, 'package.json'));
  return buildPackage({ repository, version, ...packageIdentity(repository, process.env), architecture, directory });
}

function isKnown(architecture: string): architecture is DebianArchitecture {
  return Object.hasOwn(architectures, architecture);
}

function machineArchitecture(): string {
  return execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
}
