import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { manPage } from '../../packaging/man-page.ts';
import { commands } from '../../src/cli/options/commands.ts';
import { needs } from '../needs.ts';

const page = manPage('1.2.3', '2026-11-23');

/** What a reader sees, and what roff complains about. */
function render(): { text: string; complaints: string } {
  const script = 'groff -man -ww -Tascii -P-cbou 2>&1 >&3';
  const words = ['-c', `{ complaints=$(${script}); } 3>&1; printf '\\0%s' "$complaints"`];
  const output = execFileSync('sh', words, { input: page, encoding: 'utf8' });
  const [text = '', complaints = ''] = output.split('\0');
  return { text, complaints };
}

describe('manPage()', () => {
  it('has every option of every command', () => {
    const typed = page.replaceAll('\\-', '-').replaceAll(/\\f[BIR]/g, '');
    const names = commands.flatMap(({ options }) => Object.keys(options));
    expect(names.filter((name) => !typed.includes(`--${name}`) && !typed.includes(`--[no-]${name}`))).toEqual([]);
  });

  it('is accepted by roff', needs('groff'), () => {
    const { text, complaints } = render();
    expect(complaints).toBe('');
    expect(text).toMatch(/^ {7}lvs-exporter record DIR \[OPTION\]\.\.\.$/m);
    expect(text).toMatch(/^ {7}--log\.level=debug\|info\|warn\|error\n {14}\S/m);
    expect(text).toMatch(/^ {7}--\[no-\]collector\.ipvs$/m);
  });
});
