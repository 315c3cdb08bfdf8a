import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../src/page/model/status.ts';
import { namespacesSection } from '../../../src/page/sections/namespaces.ts';
import { series } from '../series.ts';

/** Of namespaces n0, n1, ..., each with as many entries of its 1,000, and where it settles. */
function section(tables: readonly { readonly entries: number; readonly settles?: number }[]): string {
  const samples = tables.flatMap(({ entries, settles = entries }, index) => {
    const netns = `n${index}`;
    return [
      series('conntrack_entries', entries, { netns }),
      series('conntrack_entries_limit', 1000, { netns }),
      series('conntrack_equilibrium_entries', settles, { netns }),
    ];
  });
  return String(namespacesSection(describeStatus({ atSeconds: 0, samples }, undefined).tables)?.markup);
}

function namesIn(markup: string): string[] {
  return [...markup.matchAll(/scope="row">([^<]*)</g)].map(([, name]) => name ?? '');
}

describe('namespacesSection()', () => {
  it('lists the tables that are or will be the fullest first', () => {
    const markup = section([{ entries: 10 }, { entries: 500 }, { entries: 20, settles: 900 }]);
    expect(namesIn(markup)).toEqual(['n2', 'n1', 'n0']);
  });

  it('lists 20 of the routers of a network node, and counts the others', () => {
    const markup = section(Array.from({ length: 400 }, (_, index) => ({ entries: index })));
    expect(namesIn(markup)).toHaveLength(20);
    expect(markup).toContain('And 380 more');
  });

  it('counts no others where it lists all', () => {
    expect(section(Array.from({ length: 20 }, () => ({ entries: 1 })))).not.toContain('more');
  });
});
