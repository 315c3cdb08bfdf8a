import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { expect, it } from 'vitest';
import { needs } from '../needs.ts';

const readLimit = () => Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8'));

it(
  'a benchmark that a signal ends gives the limit of the table back',
  needs('root', 'ip', 'network namespaces', 'ctnetlink'),
  async () => {
    const before = readLimit();
    const script = `import { withRaisedTable } from './bench/raised-table.ts';
    await withRaisedTable(${before + 1}, async ({ run }) => {
      process.stdout.write('raised');
      await run('sleep', '60');
    });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
    await once(child.stdout, 'data');
    expect(readLimit()).toBe(before + 1);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
    expect(readLimit()).toBe(before);
  },
);
