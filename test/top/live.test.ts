import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { startProgram } from '../program.ts';
import { startTop, type TestTerminal } from './terminal.ts';

const compute = '--replay=test/fixtures/lab/compute';
const director = '--replay=test/fixtures/lab/director1';
let terminal: TestTerminal;
afterEach(() => terminal.close());

/** The program that runs in the terminal. */
function findProcess(): number {
  const [pane = ''] = terminal.tmux('list-panes', '-F', '#{pane_pid}').split('\n');
  return Number(execFileSync('pgrep', ['-P', pane, '-n', 'node|main'], { encoding: 'utf8' }).trim().split('\n')[0]);
}

/** As a shell had it: the normal screen, the cursor, wrapping, and lines that are read whole. */
async function expectClean(code: number): Promise<void> {
  const screen = await terminal.until(/ended \d+\n.*icanon/);
  expect(screen).toMatch(new RegExp(`^ended ${code}\\n icanon`, 'm'));
  expect(terminal.modes()).toBe('0 1 1');
}

describe('lvs-exporter top', needs('pgrep', 'tmux'), () => {
  it('shows who fills the table of a recording, with keys to sort, filter and change tables', async () => {
    terminal = startTop(compute);
    await terminal.until(/\[1 destinations: [1-9]/);
    expect(terminal.modes()).toBe('1 0 0');
    const screen = terminal.screen();
    expect(screen).toMatch(/^Connection tracking: in use .* (full in |never full)/m);
    expect(screen).toMatch(/^tcp 10\.0\.0\.100:80 +32 /m);
    terminal.send('/', 'nothing');
    await terminal.until(/Nothing matches "nothing"/);
    terminal.send('Escape', '3');
    await terminal.until(/\[3 zones: \d+\]/);
    terminal.send('h');
    await terminal.until(/Page Down/);
    terminal.send('x', 'Space');
    await terminal.until(/^PAUSED/m);
    terminal.resize(120, 40);
    await expect
      .poll(() =>
        terminal
          .screen()
          .split('\n')
          .findIndex((line) => line.startsWith('PAUSED')),
      )
      .toBe(39);
    terminal.send('q');
    await expectClean(0);
  });

  it('shows services, real servers with rates and VRRP of a director', async () => {
    terminal = startTop(director);
    await terminal.until(/VRRP: web master/);
    terminal.send('4');
    await terminal.until(/^tcp 10\.0\.0\.100:80 +[\d.]+ /m);
    terminal.send('5');
    await terminal.until(/^10\.0\.0\.\d+:80 +tcp 10\.0\.0\.100:80 +[\d.]+ /m);
    terminal.send('6');
    await terminal.until(/^web +master/m);
    terminal.send('C-c');
    await expectClean(0);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('leaves the terminal clean at %s', async (signal, code) => {
    terminal = startTop(director);
    await terminal.until(/VRRP: web master/);
    process.kill(findProcess(), signal);
    await expectClean(code);
  });

  it('shows an exporter elsewhere, and why it cannot', async () => {
    const program = await startProgram(director);
    try {
      await program.ready();
      terminal = startTop(`--url=127.0.0.1:${program.address.port}`, '--interval=500ms');
      await terminal.until(/VRRP: web master/);
      program.process.kill();
      await program.ended;
      expect(await terminal.until(/Cannot read: .*ECONNREFUSED/)).toMatch(/VRRP: web master/);
      terminal.send('q');
      await expectClean(0);
    } finally {
      program.process.kill('SIGKILL');
    }
  });
});

describe('lvs-exporter top without a terminal', needs('tmux'), () => {
  it('reports it', async () => {
    terminal = startTop(director, '</dev/null');
    await terminal.until(/needs a terminal/);
    await expectClean(1);
  });
});
