import { describe, expect, it } from 'vitest';
import { createLabelMemory } from '../../../../src/collectors/ipvs/labels/label-memory.ts';
import {
  type Labels,
  labelRealServer,
  type VirtualServerLabels,
} from '../../../../src/collectors/ipvs/labels/labels.ts';

type Row = readonly [virtualServer: VirtualServerLabels, address: string, port: string, forward: 'direct' | 'tunnel'];

/** The labels of each scrape as they are recalled, made again each time. Rows of one virtual server share its object. */
function scrape(...scrapes: readonly (readonly Row[])[]): Labels[][] {
  const begin = createLabelMemory();
  return scrapes.map((rows) => {
    const recall = begin();
    const copies = new Map(rows.map(([virtualServer]) => [virtualServer, { ...virtualServer }]));
    return rows.map((row) => recall(copies.get(row[0]) ?? row[0], realServer(row)));
  });
}

function realServer([, address, port, forward]: Row) {
  return { address, port, forward, weight: 1, activeConnections: 0, inactiveConnections: 0 };
}

function labels(row: Row): Labels {
  return labelRealServer(row[0], realServer(row));
}

const web: VirtualServerLabels = { protocol: 'tcp', address: '192.0.2.1', port: '80', fwmark: '' };
const dns: VirtualServerLabels = { ...web, protocol: 'udp', port: '53' };
const mark: VirtualServerLabels = { protocol: '', address: '', port: '', fwmark: '7' };
const one: Row = [web, '10.0.0.1', '80', 'direct'];
const two: Row = [web, '10.0.0.2', '80', 'direct'];
const three: Row = [dns, '10.0.0.1', '53', 'direct'];
const marked: Row = [mark, '10.0.0.1', '80', 'direct'];

describe('createLabelMemory()', () => {
  it('gives equal labels the object that they had in the last scrape, and in the one before', () => {
    const rows = [one, two, three, marked];
    const [first = [], second = [], third = []] = scrape(rows, rows, rows);
    for (const [index, row] of rows.entries()) {
      expect(first[index]).toEqual(labels(row));
      expect(second[index]).toBe(first[index]);
      expect(third[index]).toBe(first[index]);
    }
  });

  it.each<[string, readonly Row[], readonly Row[]]>([
    ['another address', [one], [two]],
    ['another port', [one], [[web, '10.0.0.1', '81', 'direct']]],
    ['another way to forward', [one], [[web, '10.0.0.1', '80', 'tunnel']]],
    ['the same of another virtual server', [one], [[dns, '10.0.0.1', '80', 'direct']]],
    ['a family that is known now', [marked], [[{ ...mark, family: 'ipv4' }, '10.0.0.1', '80', 'direct']]],
    ['a family that is not known any more', [[{ ...mark, family: 'ipv4' }, '10.0.0.1', '80', 'direct']], [marked]],
    ['servers that moved', [one, two, three], [two, three]],
    ['a virtual server that moved', [one, two, three], [three, one, two]],
    ['one that came', [one, three], [one, two, three]],
  ])('does not mistake others for them: %s', (_what, before, after) => {
    expect(scrape(before, after)[1]).toEqual(after.map(labels));
  });

  it('keeps what did not move', () => {
    const [first = [], second = []] = scrape([one, two, three], [one, [web, '10.0.0.9', '80', 'direct'], three]);
    expect([second[0], second[2]]).toEqual([first[0], first[2]]);
    expect(second[0]).toBe(first[0]);
    expect(second[2]).toBe(first[2]);
  });
});
