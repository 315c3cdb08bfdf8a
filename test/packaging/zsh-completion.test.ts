import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zshCompletion } from '../../packaging/zsh-completion.ts';
import { needs } from '../needs.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-zsh-'));
  writeFileSync(join(folder, '_lvs-exporter'), zshCompletion());
  writeFileSync(join(folder, 'web.yml'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Types each of these and Tab into a zsh with a terminal of its own, and reads what the line became. */
const script = `
zmodload zsh/zpty
zpty shell zsh -f -i
expect() { local chunk; seen=''; while zpty -r shell chunk; do seen+=$chunk; [[ $seen != *$1* ]] || return; done; }
zpty -w shell "PS1= PS2= RPS1=; stty columns 200; fpath=($PWD \\$fpath); autoload -U compinit; compinit -u -D; setopt no_beep"
zpty -w shell "show() { print -r -- \\"<<\\$BUFFER>>\\"; BUFFER=''; zle reset-prompt }; zle -N show; bindkey '^X' show; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste; print re''ady"
expect ready
for line in "$@"; do
  zpty -wn shell "$line"$'\\t'$'\\x18'
  expect '>>'
  print -r -- "\${\${seen##*<<}%%>>*}"
done
zpty -d shell
`;

describe('zshCompletion()', needs('zsh'), () => {
  it('completes commands, options, values and files', () => {
    const cases: [string, string][] = [
      ['lvs-exporter diag', 'lvs-exporter diagnose '],
      ['lvs-exporter --web.t', 'lvs-exporter --web.telemetry-path='],
      ['lvs-exporter --no-collector.pl', 'lvs-exporter --no-collector.platform '],
      ['lvs-exporter --log.format=j', 'lvs-exporter --log.format=json '],
      ['lvs-exporter --web.config.file=w', 'lvs-exporter --web.config.file=web.yml '],
      ['lvs-exporter metrics --outp', 'lvs-exporter metrics --output='],
      ['lvs-exporter check-web-config w', 'lvs-exporter check-web-config web.yml '],
    ];
    const words = ['-f', '-c', script, 'zsh', ...cases.map(([typed]) => typed)];
    const output = execFileSync('zsh', words, { cwd: folder, encoding: 'utf8', timeout: 300_000 });
    expect(output.split('\n').slice(0, -1)).toEqual(cases.map(([, completed]) => completed));
  });
});
