import type { Host, Keepalived, PlatformFacts } from '../src/host.ts';

/** What a test's machine holds; what is not given does not exist there. */
export interface Machine {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly keepalived?: Keepalived;
  readonly platform?: PlatformFacts;
}

/** A Host made of texts. Its directories are those of its files. */
export function createHost({ files = {}, links = {}, keepalived, platform }: Machine): Host {
  return {
    readFile: async (path) => files[path] ?? absent(path),
    readLink: async (path) => links[path] ?? absent(path),
    listDirectory: async (path) => {
      const inside = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      const names = new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''));
      return names.size > 0 ? [...names].sort() : absent(path);
    },
    keepalived: async () => keepalived ?? absent('keepalived'),
    platform: async () => platform ?? absent('platform'),
  };
}

/** Throws as Node does for a file that does not exist. */
export function absent(path: string): never {
  throw systemError('ENOENT', `no such file or directory, open '${path}'`);
}

export function systemError(code: string, text: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${text}`), { code });
}
