import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Descriptor } from '../../packaging/oci-layout.ts';
import type { Image } from './image.ts';

interface Configuration {
  readonly architecture: string;
  readonly config: Readonly<Record<'User' | 'WorkingDir' | 'StopSignal', string>> &
    Readonly<Record<'Env' | 'Entrypoint', readonly string[]>> & {
      readonly Labels: Readonly<Record<string, string>>;
      readonly ExposedPorts: object;
    };
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

/** Unpacks the image of an architecture as an engine does: each blob by its digest, layers in their order. */
export function unpackImage(layout: string, architecture: string, root: string): Image & Pick<Configuration, 'config'> {
  const [named] = readJson(join(layout, 'index.json')).manifests;
  const images: readonly Descriptor[] = JSON.parse(String(readBlob(layout, named))).manifests;
  const found = images.find(({ platform }) => platform?.architecture === architecture);
  if (found === undefined) throw new Error(`Expected an image of ${architecture}`);
  const manifest = JSON.parse(String(readBlob(layout, found)));
  const { config, ...rest }: Configuration = JSON.parse(String(readBlob(layout, manifest.config)));
  if (rest.architecture !== architecture) throw new Error(`Expected ${architecture}, got ${rest.architecture}`);
  mkdirSync(root);
  for (const layer of manifest.layers)
    execFileSync('tar', ['-xzf', '-', '-C', root], { input: readBlob(layout, layer) });
  return {
    root,
    config,
    entrypoint: config.Entrypoint,
    healthcheck: [],
    user: config.User,
    workingDirectory: config.WorkingDir,
    environment: Object.fromEntries(config.Env.map((line) => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')])),
    stopSignal: config.StopSignal,
  };
}

function readBlob(layout: string, { digest, size }: Descriptor): Buffer {
  const content = readFileSync(join(layout, 'blobs', ...digest.split(':')));
  const found = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  if (found !== digest || content.length !== size) throw new Error(`Expected ${digest}, got ${found}`);
  return content;
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
