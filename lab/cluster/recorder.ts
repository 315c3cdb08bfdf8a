import { access } from 'node:fs/promises';
import type { Cluster } from '../lab.ts';
import { repository } from './folders.ts';

/** Records nodes at the same time, each in a folder of its name. */
export async function recordNodes(
  { node }: Cluster,
  names: readonly string[],
  folder: string,
  options: readonly string[],
): Promise<void> {
  const record = (name: string) => [`${repository}/dist/main.js`, 'record', `${folder}/${name}`, ...options];
  await Promise.all(names.map((name) => node(name).run(process.execPath, record(name))));
}

/** The load waits for it, because programs that start take their time. */
export async function seeRecording({ see }: Cluster, names: readonly string[], folder: string): Promise<void> {
  await see(
    'every node is being recorded',
    async () => {
      await Promise.all(names.map((name) => access(`${folder}/${name}/recording.json`)));
      return names;
    },
    () => true,
    { withinSeconds: 60 },
  );
}
