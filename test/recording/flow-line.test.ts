import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createFlow } from '../../src/identity/flow.ts';
import { parseNfConntrackLine } from '../../src/parsers/procfs/conntrack/nf-conntrack.ts';
import { formatFlow } from '../../src/recording/flow-line.ts';

it.each(['6.18', '6.1', '6.1-offload'])(
  'formatFlow() writes what parseNfConntrackLine() reads as the same flow, for all that Linux %s printed',
  async (kernel) => {
    const text = await readFile(`test/fixtures/nf_conntrack/${kernel}/proc`, 'utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      const [original, again] = [createFlow(), createFlow()];
      parseNfConntrackLine(line, 1, original);
      parseNfConntrackLine(formatFlow(original), 1, again);
      expect(again).toEqual(original);
    }
  },
);
