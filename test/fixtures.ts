import { fileURLToPath } from 'node:url';

/** The recordings of the lab's nodes; see the README beside them. */
export const labRecordings = fileURLToPath(new URL('fixtures/lab', import.meta.url));

/** The /proc of a node of the lab at the start of its recording: `--path.procfs` can point at it. */
export function recordedProcfs(node: string): string {
  return `${labRecordings}/${node}/000000.0/proc`;
}
