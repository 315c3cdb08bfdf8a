import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import type { DumpKind, KeepalivedReader } from '../../../src/host/host.ts';
import { dumpFileNames } from '../../../src/keepalived/dump/filesystem.ts';
import { createKeepalivedReader } from '../../../src/keepalived/reader.ts';
import { readDump } from '../fixtures.ts';

/** When the machine booted, in Unix seconds. Its VRRP process started 100 s later. */
export const boot = 1_795_390_000;
export const parent = 100;
export const vrrp = 101;

/** SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD, and SIGRTMIN + 2 of glibc. */
const handledSignals = [1, 2, 10, 12, 15, 17, 36];

export interface FakeProcess {
  readonly name?: string;
  readonly parentPid?: number;
  readonly startTicks?: number;
  readonly handled?: readonly number[];
  readonly pending?: readonly number[];
  readonly environment?: string;
  readonly words?: readonly string[];
  readonly namespace?: string;
  /** Id of the user it runs as; that of the tests by default. */
  readonly user?: number;
  /** Id of the user who started it; the same by default. */
  readonly realUser?: number;
}

/**
 * A /proc of files, with a keepalived and a clock that only `sleep()` moves. `onSignal` and `onSleep` are what happens
 * when keepalived gets a signal, and while a reader waits.
 */
export function createMachine() {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-keepalived-'));
  chmodSync(folder, 0o755);
  const procfs = join(folder, 'proc');
  const lastDumpsDirectory = join(folder, 'last');
  const machine = {
    procfs,
    lastDumpsDirectory,
    time: 0,
    signals: [] as [number, number][],
    onSignal: (_signal: number, _pid: number): void => {},
    onSleep: (): void => {},
    setProcess,
    setSelf,
    setUptime,
    endProcess: (pid: number) => rmSync(join(procfs, String(pid)), { recursive: true }),
    writeDump,
    createReader,
    remove: () => rmSync(folder, { recursive: true }),
    otherNamespace: join(folder, 'other-namespace'),
  };
  mkdirSync(join(procfs, 'self', 'ns'), { recursive: true });
  mkdirSync(lastDumpsDirectory);
  // Long after every process started.
  setUptime(1_000_000);
  writeFileSync(join(procfs, 'stat'), `cpu  1 2 3\nbtime ${boot}\nprocesses 7\n`);
  writeFileSync(join(procfs, 'self', 'ns', 'net'), '');
  setSelf(process.pid);
  writeFileSync(machine.otherNamespace, '');

  /** Which process the program is by this /proc. */
  function setSelf(pid: number): void {
    writeFileSync(join(procfs, 'self', 'stat'), `${pid} (node) S 1 ${'0 '.repeat(17)}1 0 0\n`);
  }

  function setUptime(seconds: number): void {
    writeFileSync(join(procfs, 'uptime'), `${seconds.toFixed(2)} 7.00\n`);
  }

  function setProcess(pid: number, process: FakeProcess = {}): void {
    const { name = 'keepalived', parentPid = 1, startTicks = 10_000, handled = handledSignals, pending = [] } = process;
    const place = join(procfs, String(pid));
    rmSync(join(place, 'ns'), { recursive: true, force: true });
    mkdirSync(join(place, 'ns'), { recursive: true });
    mkdirSync(join(place, 'root', 'tmp'), { recursive: true });
    writeFileSync(join(place, 'stat'), `${pid} (${name}) S ${parentPid} ${'0 '.repeat(17)}${startTicks} 0 0\n`);
    const user = process.user ?? geteuid?.() ?? 0;
    const realUser = process.realUser ?? user;
    writeFileSync(
      join(place, 'status'),
      `Uid:\t${realUser}\t${user}\t7\t7\nSigPnd:\t0\nShdPnd:\t${maskOf(pending)}\nSigBlk:\t${maskOf(handled)}\n`,
    );
    writeFileSync(join(place, 'environ'), process.environment ?? 'PATH=/bin\0');
    writeFileSync(join(place, 'cmdline'), (process.words ?? ['/usr/sbin/keepalived', '-n', '']).join('\0'));
    writeFileSync(join(place, 'exe'), '\0ELF\0Keepalived v2.2.7 (01/16,2022)\0');
    linkSync(process.namespace ?? join(procfs, 'self', 'ns', 'net'), join(place, 'ns', 'net'));
  }

  function writeDump(kind: DumpKind, seconds: number, text = readDump('2.2.7/master', kind), directory = ownTmp): void {
    const path = join(directory, dumpFileNames[kind]);
    rmSync(path, { force: true });
    writeFileSync(path, text);
    utimesSync(path, seconds, seconds);
  }

  const ownTmp = join(procfs, String(vrrp), 'root', 'tmp');

  function createReader(): KeepalivedReader {
    return createKeepalivedReader({
      procfs,
      lastDumpsDirectory,
      now: () => machine.time,
      sleep: async (milliseconds) => {
        machine.time += milliseconds;
        machine.onSleep();
      },
      kill: (pid, signal) => {
        machine.signals.push([pid, signal]);
        machine.onSignal(signal, pid);
      },
    });
  }

  setProcess(1, { name: 'systemd', parentPid: 0 });
  setProcess(parent);
  setProcess(vrrp, { parentPid: parent });
  return machine;
}

function maskOf(signals: readonly number[]): string {
  return signals
    .reduce((mask, signal) => mask | (1n << BigInt(signal - 1)), 0n)
    .toString(16)
    .padStart(16, '0');
}
