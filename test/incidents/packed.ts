import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FirewallTexts } from '../../src/host/host.ts';
import { type Frame, frameFile } from '../../src/recording/frame.ts';

/** A recording in one file, with what it cannot hold: the rules of the firewall. */
interface Packed {
  readonly files: Readonly<Record<string, string>>;
  /** Of the first and of the last reading, so that counters rise. */
  readonly firewall: FirewallTexts | readonly FirewallTexts[];
}

/** @param target the file to write: JSON, compressed */
export async function pack(folder: string, firewall: readonly FirewallTexts[], target: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.sort().map(async (file) => [relative(folder, file), await readFile(file, 'utf8')] as const);
  const packed: Packed = { files: Object.fromEntries(await Promise.all(texts)), firewall };
  await writeFile(target, gzipSync(JSON.stringify(packed), { level: 9 }));
}

/** Writes the recording to a folder, as `--replay` takes it, and resolves to the rules of the firewall, as each reading has them. */
export async function unpack(source: string, folder: string): Promise<readonly FirewallTexts[]> {
  const { files, firewall }: Packed = JSON.parse(gunzipSync(await readFile(source)).toString());
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path.endsWith(frameFile) ? asHost(text) : text);
  }
  return 'nft' in firewall ? [firewall] : firewall;
}

/** The namespace stands for a host, which alone has this file there. */
function asHost(text: string): string {
  const frame: Frame = JSON.parse(text);
  const { '/proc/sys/net': settings, ...directories } = frame.directories;
  if (settings === undefined) return text;
  return JSON.stringify({
    ...frame,
    directories: { ...directories, '/proc/sys/net': [...settings, 'nf_conntrack_max'] },
  });
}
