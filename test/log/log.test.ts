import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/log/log.ts';

function logLines(options: Pick<LogOptions, 'level' | 'format'>): string[] {
  const lines: string[] = [];
  const log = createLog({ ...options, write: (line) => lines.push(line) });
  log.debug({}, 'Quiet');
  log.error({ collector: 'ipvs', error: 'got "x=1"\nand more', cure: undefined, seconds: 1.5 }, 'Collector failed');
  return lines.map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'NOW'));
}

describe('createLog()', () => {
  it('writes logfmt', () => {
    expect(logLines({ level: 'info', format: 'logfmt' })).toEqual([
      'ts=NOW level=error msg="Collector failed" collector=ipvs error="got \\"x=1\\"\\nand more" seconds=1.5\n',
    ]);
  });

  it('writes JSON', () => {
    expect(logLines({ level: 'info', format: 'json' }).map((line) => JSON.parse(line))).toEqual([
      {
        level: 'error',
        ts: 'NOW',
        collector: 'ipvs',
        error: 'got "x=1"\nand more',
        seconds: 1.5,
        msg: 'Collector failed',
      },
    ]);
  });

  it('leaves out what is below its level', () => {
    expect(logLines({ level: 'debug', format: 'logfmt' })).toHaveLength(2);
  });
});
