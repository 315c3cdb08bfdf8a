import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServiceNames, readServiceNames } from '../../src/host/service-names.ts';

const mail = { protocol: '', address: '', port: '', fwmark: '7' };

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lvs-exporter-names-'));
  file = join(directory, 'names.yml');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('readServiceNames()', () => {
  it('names the file and the line of what it refuses', () => {
    writeFileSync(file, 'mark 7: mail\nmail: mark 8\n');
    expect(() => readServiceNames(file)).toThrow(expect.objectContaining({ file, line: 2 }));
  });

  it.each([
    ['missing', () => undefined],
    ['a folder', () => symlinkSync(directory, file)],
    ['too large', () => writeFileSync(file, '#'.repeat(2 ** 20 + 1))],
  ])('names a file that is %s', (_, prepare) => {
    prepare();
    expect(() => readServiceNames(file)).toThrow(file);
  });
});

describe('openServiceNames()', () => {
  it('reads the file again when it changes, and keeps the names of its last good version', () => {
    const read = openServiceNames(file);
    const problem = expect.any(Error);
    expect(read()).toMatchObject({ problem });
    writeFileSync(file, 'mark 7: mail\n');
    expect(read()).toEqual({ find: expect.any(Function), problem: undefined });
    expect(read().find(mail)).toBe('mail');
    writeFileSync(file, 'mark 7: post\n');
    expect(read().find(mail)).toBe('post');
    writeFileSync(file, 'mark 7\n');
    expect(read()).toMatchObject({ problem });
    expect(read()).toMatchObject({ problem });
    expect(read().find(mail)).toBe('post');
    unlinkSync(file);
    expect(read()).toMatchObject({ problem });
    writeFileSync(file, 'mark 7: post\n');
    expect(read().problem).toBeUndefined();
    expect(read().find(mail)).toBe('post');
  });
});
