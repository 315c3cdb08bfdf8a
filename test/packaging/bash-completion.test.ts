import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bashCompletion } from '../../packaging/bash-completion.ts';
import { needs } from '../needs.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-completion-'));
  writeFileSync(join(folder, 'completion'), bashCompletion());
  mkdirSync(join(folder, 'a recording'));
  writeFileSync(join(folder, 'web.yml'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers for the last of these words, which it takes apart at each equals sign. */
function complete(...words: readonly string[]): string[] {
  const script = `
    source ./completion
    # Outside of a completion bash has no compopt.
    compopt() { :; }
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _lvs_exporter
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const typed = ['lvs-exporter', ...words];
  const output = execFileSync('bash', ['-c', script, 'bash', ...typed], { cwd: folder, encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

describe('bashCompletion()', needs('bash'), () => {
  it.each([
    [['d'], ['diagnose']],
    [
      ['--web'],
      [
        '--web.listen-address=',
        '--web.systemd-socket',
        '--web.config.file=',
        '--web.telemetry-path=',
        '--web.max-requests=',
      ],
    ],
    [['check'], ['check-web-config']],
    [['--no-collector.pl'], ['--no-collector.platform']],
    [
      ['--log.level', '=', ''],
      ['debug', 'info', 'warn', 'error'],
    ],
    [
      ['--log.level', '='],
      ['debug', 'info', 'warn', 'error'],
    ],
    [['--log.format', '=', 'j'], ['json']],
    [['--replay', '=', 'a'], ['a recording']],
    [['--web.config.file', '=', 'w'], ['web.yml']],
    [['--web.listen-address', '=', ':'], []],
    [['diagnose', '--j'], ['--json']],
    [['diagnose', 'p'], []],
    [
      ['plan', '--two'],
      ['--two-way-tcp=', '--two-way-udp='],
    ],
    [['record', '--i'], ['--interval=']],
  ])('completes %j', (words, offered) => {
    expect(complete(...words)).toEqual(offered);
  });
});
