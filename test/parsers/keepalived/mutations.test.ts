import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { removeSecrets } from '../../../src/keepalived/dump/redact.ts';
import { parseKeepalivedCheck } from '../../../src/parsers/keepalived/checkers/check.ts';
import { parseKeepalivedData } from '../../../src/parsers/keepalived/data.ts';
import { parseKeepalivedJson } from '../../../src/parsers/keepalived/json.ts';
import { parseKeepalivedStats } from '../../../src/parsers/keepalived/stats.ts';
import { type Mutation, mutations } from './mutations.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** All dumps of this name that were recorded. */
function findDumps(name: string): { path: string; text: string }[] {
  return ['keepalived', 'keepalived_check'].flatMap((folder) =>
    readdirSync(join(fixtures, folder), { recursive: true })
      .map(String)
      .filter((path) => basename(path) === name)
      .map((path) => ({ path: join(folder, path), text: readFileSync(join(fixtures, folder, path), 'utf8') })),
  );
}

/**
 * The lines that a mutation is tried at: all, or so many spread over a long dump, with others for each mutation. The
 * dumps repeat themselves, and there are many.
 */
function placesIn(lines: readonly string[], mutation: Mutation): number[] {
  const step = Math.ceil(lines.length / maxPlaces);
  return [...lines.keys()].slice(0, -1).filter((index) => index % step === mutations.indexOf(mutation) % step);
}

const maxPlaces = 15;

type Things = ReadonlyMap<string, string>;

/** The things of a text that differ in another one, or are only in one of them. */
function findChanged(before: Things, after: Things): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
}

function toThings(kind: string, list: readonly { readonly name: string }[]): (readonly [string, string])[] {
  return list.map((one) => [`${kind} ${one.name}`, JSON.stringify(one)]);
}

function readData(text: string): Things {
  const { instances, syncGroups, scripts, trackedFiles, trackedProcesses, bfds } = parseKeepalivedData(
    removeSecrets('data', text),
  );
  return new Map([
    ...toThings('VRRP Instance', instances),
    ...toThings('VRRP Sync Group', syncGroups),
    ...toThings('VRRP Script', scripts),
    ...toThings('Track file', trackedFiles),
    ...toThings('VRRP Track process', trackedProcesses),
    ...toThings('VRRP Track BFD', bfds),
  ]);
}

/**
 * Whose line it is: the instance, or what is tracked. keepalived 1.x prints scripts within instances, and the state of a
 * group there comes from its members.
 */
function ownersOf(lines: readonly string[], index: number): (changed: string) => boolean {
  const above = lines.slice(0, index + 1).reverse();
  const titleOf = (pattern: RegExp) =>
    above.map((line) => pattern.exec(line)?.[1]).find((title) => title !== undefined);
  const instance = titleOf(/ VRRP Instance = (.*)$/);
  const other = titleOf(/^'? (?:VRRP )?(?:Sync Group|Script|Track \w+) = (.*?)(?:, [A-Z]+)?$/);
  const isBefore2 = !lines.includes('------< Global definitions >------');
  return (changed) =>
    changed === `VRRP Instance ${instance}` ||
    changed.endsWith(' ?!') ||
    // Without its line end, the title's name goes on with the next line.
    (other !== undefined && (changed.includes(` ${other}, `) || changed.includes(` ${other} `))) ||
    (other !== undefined && changed.endsWith(` ${other}`)) ||
    (isBefore2 && changed.startsWith('VRRP Sync Group '));
}

describe.each(findDumps('keepalived.data'))('parseKeepalivedData() of $path', ({ text }) => {
  const lines = text.split('\n');
  const before = readData(text);

  it.each(mutations)('changes nothing else where $name', (mutation) => {
    const { isHarmless, apply } = mutation;
    for (const index of placesIn(lines, mutation)) {
      const changed = findChanged(before, readData(apply(lines, index)));
      const isOwn = ownersOf(lines, index);
      expect({ index, changed: isHarmless ? changed : changed.filter((one) => !isOwn(one)) }).toEqual({
        index,
        changed: [],
      });
    }
  });

  it('changes nothing of what stands before the place where it was cut off', () => {
    for (let index = 1; index < lines.length; index += 3) {
      const changed = findChanged(before, readData(lines.slice(0, index).join('\n')));
      const isOwn = ownersOf(lines, index);
      const standing = lines.slice(0, index);
      const earlier = changed.filter((one) => !isOwn(one) && standing.some((line) => line.endsWith(one)));
      expect({ index, earlier }).toEqual({ index, earlier: [] });
    }
  });
});

describe.each(findDumps('keepalived.stats'))('parseKeepalivedStats() of $path', ({ text }) => {
  const read = (changed: string): Things =>
    new Map(
      [...parseKeepalivedStats(changed).counters].map(([name, one]) => [name, JSON.stringify([one, ...one.errors])]),
    );
  const lines = text.split('\n');

  it.each(mutations)('changes nothing else where $name', (mutation) => {
    const { isHarmless, apply } = mutation;
    for (const index of placesIn(lines, mutation)) {
      const owner = /^VRRP Instance: (.*)$/.exec(
        lines.slice(0, index + 1).findLast((line) => !line.startsWith(' ')) ?? '',
      );
      const changed = findChanged(read(text), read(apply(lines, index)));
      expect({ index, changed: isHarmless ? changed : changed.filter((one) => one !== owner?.[1]) }).toEqual({
        index,
        changed: [],
      });
    }
  });
});

describe.each(findDumps('keepalived_check.data'))('parseKeepalivedCheck() of $path', ({ text }) => {
  const read = (changed: string): Things =>
    new Map(
      parseKeepalivedCheck(removeSecrets('check', changed)).virtualServers.map((server) => [
        JSON.stringify(server.services),
        JSON.stringify(server),
      ]),
    );
  const lines = text.split('\n');
  const before = read(text);
  const firstServer = lines.findIndex((line) => line.endsWith('------< Virtual server >------'));

  it.each(mutations)('changes one virtual server at most where $name', (mutation) => {
    const { isHarmless, apply } = mutation;
    for (const index of placesIn(lines, mutation).filter((one) => one >= firstServer)) {
      const changed = findChanged(before, read(apply(lines, index)));
      const lost = changed.filter((one) => before.has(one));
      expect({ index, lost }).toEqual({ index, lost: isHarmless ? [] : lost.slice(0, 1) });
    }
  });
});

/** Without that which JSON.parse() refuses. */
const jsonDumps = findDumps('keepalived.json').filter(({ path }) => !/control-characters|2\.0\.14/.test(path));

describe.each(jsonDumps)('parseKeepalivedJson() of $path', ({ text }) => {
  const root = JSON.parse(text);
  const instances: { data: Record<string, unknown>; stats: Record<string, unknown> }[] = root.vrrp ?? root;
  const before = parseKeepalivedJson(text).instances;

  it.each([undefined, null, -1, '?!', {}, [{}]])('changes one instance only where a member is %j', (odd) => {
    for (const [index, instance] of [...instances.entries()].slice(0, 2)) {
      for (const part of ['data', 'stats'] as const) {
        for (const name of Object.keys(instance[part])) {
          const changed = structuredClone(root);
          (changed.vrrp ?? changed)[index][part][name] = odd;
          const after = parseKeepalivedJson(JSON.stringify(changed)).instances;
          const others = before.filter((one) => one.name !== before[index]?.name);
          expect(after.filter((one) => one.name !== before[index]?.name && one.name !== '?!')).toEqual(others);
        }
      }
    }
  });
});
