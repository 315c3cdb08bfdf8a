import { readdir, readFile, readlink } from 'node:fs/promises';
import systeminformation from 'systeminformation';
import type { Host, Keepalived } from './host.ts';

export interface LinuxHostOptions {
  /** Where the proc file system is mounted: `/proc`, or `/host/proc` in a container. */
  readonly procfs: string;
  /** Reads keepalived's dumps. */
  readonly keepalived: () => Promise<Keepalived>;
}

/** The machine this process runs on. */
export function createLinuxHost({ procfs, keepalived }: LinuxHostOptions): Host {
  const locate = (path: string) => path.replace(/^\/proc(?=\/)/, procfs);
  return {
    readFile: (path) => readFile(locate(path), 'utf8'),
    readLink: (path) => readlink(locate(path)),
    listDirectory: async (path) => (await readdir(locate(path))).sort(),
    keepalived,
    async platform() {
      const [system, os] = await Promise.all([systeminformation.system(), systeminformation.osInfo()]);
      const { manufacturer, model, virtual, virtualHost = '' } = system;
      return { manufacturer, model, virtual, virtualHost, kernel: os.kernel };
    },
  };
}
