import { describe, expect, test } from 'vitest';
import { judgeSources, type SourceMemory } from '../../../src/flows/classification/sources.ts';
import { simulateTable, type Traffic } from '../simulated-table.ts';
import { asked, opened, scanning, twoWay } from '../traffic.ts';

const scanner = 0xc000020a;

/** Reads the table every 15 seconds. Gives the sources that scan at each time. */
function watch(traffics: readonly Traffic[], seconds: number, sample?: number) {
  const table = simulateTable(traffics);
  const story: string[][] = [];
  let memory: SourceMemory = new Map();
  for (let at = 15; at <= seconds; at += 15) {
    table.run(15);
    const judgement = judgeSources(memory, table.census(sample === undefined ? {} : { sample }));
    memory = judgement.memory;
    story.push(judgement.judged.map(({ source, verdict }) => `${verdict} ${source.address}`));
  }
  return { story, last: story.at(-1), memory };
}

const step = (before: number, then: number, at: number) => (seconds: number) => (seconds <= at ? before : then);

describe('judgeSources()', () => {
  test('recognizes a source that keeps connecting to new destinations, from the second scan on', () => {
    const { story } = watch([scanning(100, scanner), twoWay(100, 1)], 60);
    expect(story).toEqual([[], ['scan 192.0.2.10'], ['scan 192.0.2.10'], ['scan 192.0.2.10']]);
  });

  test('recognizes it in a sample', () => {
    expect(watch([scanning(200, scanner), twoWay(100, 1)], 60, 2000).last).toEqual(['scan 192.0.2.10']);
  });

  test('ends with the scan, not with a pause of one reading', () => {
    const { story, memory } = watch([scanning(step(100, 0, 60), scanner), twoWay(20, 1)], 300);
    expect(story.at(6)).toEqual(['scan 192.0.2.10']);
    expect(story.at(-1)).toEqual([]);
    expect(memory.size).toBe(0);
  });

  test.each<[string, Traffic]>([
    ['many clients of a service that is down', opened(100, { clients: 300 })],
    ['one client that tries a service that is down again and again', opened(100, { clients: 1 })],
    ['a flood from invented sources', opened(200)],
    ['one client of a service', twoWay(100, 1, { clients: 1 })],
    ['a sender of datagrams to one collector', asked(100, { clients: 1 })],
  ])('reports nothing about %s', (_what, traffic) => {
    expect(watch([traffic], 90).story.flat()).toEqual([]);
  });

  test('reports nothing about a client that goes to many destinations and is answered', () => {
    const { perSecond, life } = scanning(100, scanner);
    const crawler: Traffic = {
      perSecond,
      life: (random) => ({ ...twoWay(1, 1).life(random), ...ends(life(random)) }),
    };
    expect(watch([crawler], 90).story.flat()).toEqual([]);
  });

  test('takes a server whose replies alone pass for no scanner', () => {
    const { perSecond, life } = scanning(100, scanner);
    const picked = { state: 'ESTABLISHED', replied: false, assured: false, timeout: 300 };
    const replies: Traffic = {
      perSecond,
      life: (random) => ({ ...life(random), sourcePort: 443, phases: [{ from: 0, ...picked }] }),
    };
    expect(watch([replies, twoWay(50, 1)], 60).last).toEqual(['replies_only 192.0.2.10']);
  });

  test.each([
    [53, true, 'replies_only'],
    [53, false, 'scan'],
    [40_000, true, 'scan'],
  ])('takes UDP from port %i to many ports (%s) for %s', (sourcePort, isToMany, verdict) => {
    const { perSecond, life } = scanning(100, scanner);
    const sent: Traffic = {
      perSecond,
      life: (random) => {
        const { source, destination } = life(random);
        const port = isToMany ? 1024 + Math.floor(random() * 60_000) : 5060;
        return { ...asked(1).life(random), source, destination, port, sourcePort };
      },
    };
    expect(watch([sent], 60).last).toEqual([`${verdict} 192.0.2.10`]);
  });

  test('reports nothing about a small part of the table', () => {
    expect(watch([scanning(1, scanner), twoWay(200, 1)], 300).story.flat()).toEqual([]);
  });
});

function ends({ source, destination }: { readonly source: number; readonly destination: number }) {
  return { source, destination };
}
