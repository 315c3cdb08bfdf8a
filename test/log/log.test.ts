import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/log/log.ts';
import { logMessages } from '../../src/log/messages.ts';

function logLines(options: Pick<LogOptions, 'level' | 'format'>): string[] {
  const lines: string[] = [];
  const log = createLog({ ...options, write: (line) => lines.push(line) });
  log.debug({}, logMessages.collectorStack);
  log.error(
    { collector: 'ipvs', error: 'got "x=1"\nand more', hint: undefined, seconds: 1.5 },
    logMessages.collectorFailed,
  );
  return lines.map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'NOW'));
}

describe('createLog()', () => {
  it('writes logfmt', () => {
    expect(logLines({ level: 'info', format: 'logfmt' })).toEqual([
      `ts=NOW level=error msg=${JSON.stringify(logMessages.collectorFailed)} collector=ipvs error="got \\"x=1\\"\\nand more" seconds=1.5\n`,
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
        msg: logMessages.collectorFailed,
      },
    ]);
  });

  it('leaves out what is below its level', () => {
    expect(logLines({ level: 'debug', format: 'logfmt' })).toHaveLength(2);
  });
});

it.each(Object.values(logMessages))('the message "%s" is a short event that starts in lower case', (message) => {
  expect(message).toMatch(/^[a-z].{0,70}[^.]$/);
});
