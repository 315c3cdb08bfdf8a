import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What an index and a manifest report about a blob: OCI image specification 1.1. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string; readonly os: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ImageConfiguration {
  readonly architecture: string;
  readonly created: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const type = (kind: string) => `application/vnd.oci.image.${kind}`;

/** A folder that becomes an OCI image layout. */
export class OciLayout {
  readonly #directory: string;
  readonly #manifests: Descriptor[] = [];

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(join(directory, 'blobs', 'sha256'), { recursive: true });
    writeFileSync(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  }

  /** Adds an image of layers, which are tars. */
  addImage({ architecture, created, config }: ImageConfiguration, layers: readonly Buffer[]): void {
    const configuration = {
      architecture,
      os: 'linux',
      created,
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(digest) },
      history: layers.map(() => ({ created, created_by: 'lvs-exporter release' })),
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: type('manifest.v1+json'),
      config: this.#addJson(type('config.v1+json'), configuration),
      layers: layers.map((layer) => this.#add(type('layer.v1.tar+gzip'), gzipSync(layer, { level: 6 }))),
    };
    const platform = { architecture, os: 'linux' };
    this.#manifests.push({ ...this.#addJson(manifest.mediaType, manifest), platform });
  }

  /** Writes the index, which names one image of all architectures. */
  finish(name: string): void {
    const mediaType = type('index.v1+json');
    const images = this.#addJson(mediaType, { schemaVersion: 2, mediaType, manifests: this.#manifests });
    const annotations = { 'org.opencontainers.image.ref.name': name };
    const index = { schemaVersion: 2, mediaType, manifests: [{ ...images, annotations }] };
    writeFileSync(join(this.#directory, 'index.json'), JSON.stringify(index));
  }

  #addJson(mediaType: string, content: unknown): Descriptor {
    return this.#add(mediaType, Buffer.from(JSON.stringify(content)));
  }

  #add(mediaType: string, content: Buffer): Descriptor {
    const name = digest(content);
    writeFileSync(join(this.#directory, 'blobs', ...name.split(':')), content);
    return { mediaType, digest: name, size: content.length };
  }
}

function digest(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
