import { stat } from 'node:fs/promises';
import { ifPresent } from '../../host/errors.ts';
import type { Places } from './filesystem.ts';

/** Of the places of several keepaliveds, those that have a directory in common with others. */
export async function findSharedPlaces(all: readonly Places[]): Promise<ReadonlySet<Places>> {
  if (all.length < 2) return new Set();
  const directories = await Promise.all(all.map(identifyDirectories));
  const count = (directory: string) => directories.filter((some) => some.has(directory)).length;
  return new Set(all.filter((_, index) => [...(directories[index] ?? [])].some((one) => count(one) > 1)));
}

/** A directory has several paths: each keepalived has its own below /proc. */
async function identifyDirectories(places: Places): Promise<ReadonlySet<string>> {
  const paths = new Set([...places.values()].map(({ directory }) => directory));
  const states = await Promise.all([...paths].map((path) => ifPresent(stat(path))));
  return new Set(states.flatMap((state) => (state ? [`${state.dev}:${state.ino}`] : [])));
}
