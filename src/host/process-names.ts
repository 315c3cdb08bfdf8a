import { hasCode, ifPresent } from './errors.ts';
import type { Host } from './host.ts';

/** What runs, by the names that the kernel has: at most 15 characters. Empty where processes are not shown. */
export async function listProcessNames(host: Host): Promise<ReadonlySet<string>> {
  const entries = (await ifPresent(host.listDirectory('/proc'))) ?? [];
  const processes = entries.filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(processes.map((id) => readName(host, id)));
  return new Set(names.flatMap((name) => name?.trim() ?? []));
}

/** Undefined for a process that ended meanwhile, or that is not shown: `hidepid=1` lists it, and refuses its name. */
async function readName(host: Host, id: string): Promise<string | undefined> {
  try {
    return await host.readFile(`/proc/${id}/comm`);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EPERM', 'EACCES')) return undefined;
    throw error;
  }
}
