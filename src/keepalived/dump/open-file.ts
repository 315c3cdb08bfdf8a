import { lstat, readdir, stat } from 'node:fs/promises';
import { ifPresent } from '../../host/errors.ts';
import { type Process, readAsKeepalived, unlessEnded } from '../process/process.ts';

/** Whether one of these processes has a file open. */
export async function isOpenIn(procfs: string, processes: readonly Process[], path: string): Promise<boolean> {
  const file = await ifPresent(lstat(path));
  if (!file) return false;
  const open = await Promise.all(processes.map((process) => listOpenFiles(procfs, process)));
  return open.flat().some(({ dev, ino }) => dev === file.dev && ino === file.ino);
}

async function listOpenFiles(procfs: string, { pid }: Process) {
  const directory = `${procfs}/${pid}/fd`;
  const names = (await readAsKeepalived(directory, (path) => readdir(path))) ?? [];
  const states = await Promise.all(names.map((name) => unlessEnded(stat(`${directory}/${name}`))));
  return states.filter((state) => state !== undefined);
}
