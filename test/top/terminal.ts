import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { quoteShell } from '../../src/diagnosis/commands/shell.ts';

/** A terminal of tmux that runs a shell command, then prints how it ended and the modes of the terminal. */
export interface TestTerminal {
  /** Types text, or keys by the names that tmux has for them: `Tab`, `PageDown`. */
  readonly send: (...keys: readonly string[]) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly screen: () => string;
  /** The screen once it matches, as soon as it does. */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** Whether the alternate screen is on, and the cursor shown: `0 1` as a shell has it. */
  readonly modes: () => string;
  readonly tmux: (...words: readonly string[]) => string;
  readonly close: () => void;
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** For what hangs. */
const waitMs = 300_000;

export function startTop(...words: readonly string[]): TestTerminal {
  return startTerminal(`${quoteShell(process.execPath)} ${quoteShell(main)} top ${words.join(' ')}`);
}

export function startTerminal(command: string): TestTerminal {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-top-'));
  const env = { ...process.env, TERM: 'xterm', LC_ALL: 'C.UTF-8' };
  const tmux = (...words: readonly string[]) =>
    execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', '-u', ...words], { encoding: 'utf8', env });
  const script = `echo $$ > ${quoteShell(join(folder, 'shell'))}; stty -a | grep -o '.icanon' > ${quoteShell(join(folder, 'before'))}; ${command}; echo "ended $?"; stty -a | grep -o '.icanon'; exec sleep 600`;
  tmux('new-session', '-d', '-x', '80', '-y', '24', 'sh', '-c', script);
  const screen = () => tmux('capture-pane', '-p');
  return {
    send: (...keys) => void tmux('send-keys', ...keys),
    resize: (columns, rows) => void tmux('resize-window', '-x', String(columns), '-y', String(rows)),
    screen,
    async until(pattern) {
      for (const end = performance.now() + waitMs; performance.now() < end; await sleep(50)) {
        if (pattern.test(screen())) return screen();
      }
      throw new Error(`Expected the screen to match ${pattern}, got:\n${screen()}`);
    },
    modes: () => tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim(),
    tmux,
    close() {
      tmux('kill-server');
      rmSync(folder, { recursive: true });
    },
  };
}
