import { describe, expect, it } from 'vitest';
import { readCollectorFilter } from '../../src/http/collector-filter.ts';

const known = ['conntrack', 'ipvs', 'network'];

describe('readCollectorFilter()', () => {
  it.each([
    ['', undefined],
    ['name=x', undefined],
    ['collect[]=ipvs', ['ipvs']],
    ['collect%5B%5D=ipvs&collect%5B%5D=network', ['ipvs', 'network']],
    ['collect[]=ipvs&collect[]=ipvs', ['ipvs']],
    ['exclude[]=ipvs', ['conntrack', 'network']],
    ['exclude[]=ipvs&exclude[]=conntrack&exclude[]=network', []],
  ])('reads %j', (query, names) => {
    expect(readCollectorFilter(query, known)).toEqual({ names: names && new Set(names) });
  });

  it.each([
    ['collect[]=ipvs&exclude[]=network', 'use either collect[] or exclude[], not both'],
    ['collect[]=ipsv', 'unknown collector "ipsv": expected one of conntrack, ipvs, network'],
    ['exclude[]=', 'unknown collector "": expected one of conntrack, ipvs, network'],
    ['collect[]=%1B%0A', 'unknown collector "\\u001b\\n": expected one of conntrack, ipvs, network'],
  ])('refuses %j', (query, refusal) => {
    expect(readCollectorFilter(query, known)).toEqual({ refusal });
  });
});
