import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A folder that becomes the root of an installation. Paths are as they will be there. */
export interface Tree {
  readonly root: string;
  /** Writes a file that every user may read. */
  write(path: string, content: string): void;
  writeCompressed(path: string, content: string): void;
  /** Copies a file, or a folder of which it keeps what `include` selects. */
  copy(from: string, path: string, include?: (file: string) => boolean): void;
  link(path: string, target: string): void;
}

export function createTree(root: string): Tree {
  const locate = (path: string) => {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    return place;
  };
  return {
    root,
    write: (path, content) => writeFileSync(locate(path), content),
    // zlib writes no time and no name into its header.
    writeCompressed: (path, content) => writeFileSync(locate(path), gzipSync(content, { level: 9 })),
    copy: (from, path, include = () => true) =>
      cpSync(from, locate(path), { recursive: true, verbatimSymlinks: true, filter: include }),
    link: (path, target) => symlinkSync(target, locate(path)),
  };
}

export function readText(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}
