import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { architectures, type DebianArchitecture } from './architecture.ts';
import { buildRelease } from './build-release.ts';
import { readSigningKey, type SigningKey } from './minisign.ts';
import { packageIdentity } from './package-identity.ts';
import { readText } from './tree.ts';

const repository = join(import.meta.dirname, '..');

const help = `Usage: npm run release -- [OPTION]...

Builds a release: tarballs, Debian and RPM packages and a container image for amd64 and arm64, the npm package,
sha256sums.txt, a bill of materials and a statement on what was built of what.

Options:
  --out=DIR  where to put it: an empty folder  (default: out/release)
  --help     Show this help and stop.

It is dated by SOURCE_DATE_EPOCH, else by the last commit. RELEASE_SIGNING_KEY names a file with a private key of
ed25519 (PEM); with it, sha256sums.txt.minisig is a signature that minisign verifies.
`;

try {
  const options = {
    out: { type: 'string', default: join(repository, 'out', 'release') },
    help: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) process.stdout.write(help);
  else await release(values.out);
} catch (error) {
  process.stderr.write(`release: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function release(directory: string): Promise<void> {
  const { version } = JSON.parse(readText(repository, 'package.json'));
  const key = readKey();
  await buildRelease({
    repository,
    version,
    ...packageIdentity(repository, process.env),
    commit: execFileSync('git', ['-C', repository, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
    architectures: Object.keys(architectures) as DebianArchitecture[],
    directory,
    key,
    onProgress: (doing) => process.stdout.write(`release: ${doing}\n`),
  });
  process.stdout.write(
    `${directory}\n${key === undefined ? 'Not signed\n' : `Verify with: minisign -Vm sha256sums.txt -P ${key.publicKey}\n`}`,
  );
}

function readKey(): SigningKey | undefined {
  const { RELEASE_SIGNING_KEY: file } = process.env;
  return file === undefined || file === '' ? undefined : readSigningKey(readFileSync(file, 'utf8'));
}
