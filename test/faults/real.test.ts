import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { keepalivedDumps } from '../../src/collectors/keepalived/dumps.ts';
import { keepalived } from '../../src/collectors/keepalived/keepalived.ts';
import { network } from '../../src/collectors/network/network.ts';
import type { Host } from '../../src/host/host.ts';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { render } from '../../src/http/exposition.ts';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import { logMessages } from '../../src/log/messages.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { createWire, neededByDirectors, oneInstance, startKeepalived } from '../keepalived/directors.ts';
import { createLineLog } from './line-log.ts';

/** Runs collectors, and keeps what is logged of them. */
function watch(host: Host, ...collectors: readonly Collector[]) {
  const { log, lines } = createLineLog();
  const runner = createRunner({ collectors, host, log });
  const observe = async () => {
    for (const collector of collectors) if (collector.schedule !== undefined) await runner.run(collector);
    return (await render(await runner.collect(10_000), 'text')).split('\n');
  };
  return { observe, lines };
}

/** Whether it worked, by collector, and the samples of keepalived and its instance. */
function summarize(lines: readonly string[]): string[] {
  const wanted = /^(keepalived_up|keepalived_vrrp_state.*"master"|lvs_exporter_collector_(success|available))/;
  return lines
    .filter((line) => wanted.test(line))
    .map((line) => line.replace(/\{.*=/, '{'))
    .sort();
}

describe('keepalived that is killed while it is asked for its dumps', neededByDirectors, () => {
  it('is exported as gone at once, and as back after a restart', async () => {
    const wire = createWire();
    const folder = join(wire.folder, 'only');
    const start = () => startKeepalived(wire.names[0], folder, oneInstance, 'export TMPDIR="$PWD"');
    let director = start();
    let whileWaiting = () => {};
    const reader = createKeepalivedReader({
      procfs: '/proc',
      networkNamespace: director.namespace,
      lastDumpsDirectory: join(wire.folder, 'none'),
      async sleep() {
        whileWaiting();
        await sleep(1);
      },
    });
    const home = createLinuxHost({ procfs: '/proc', keepalived: reader });
    const { observe, lines } = watch({ ...home.enter(director.namespace), ...reader }, keepalivedDumps, keepalived);
    const seen = async () => summarize(await observe());
    const processes = (up: number) => [
      'lvs_exporter_collector_available{"keepalived"} 1',
      'lvs_exporter_collector_success{"keepalived"} 1',
      `keepalived_up ${up}`,
      `keepalived_vrrp_state{"master"} ${up}`,
    ];
    const asked = [
      'lvs_exporter_collector_available{"keepalived-dumps"} 1',
      'lvs_exporter_collector_success{"keepalived-dumps"} 1',
    ];
    const running = [...processes(1), ...asked].sort();
    const gone = [...processes(0), 'lvs_exporter_collector_available{"keepalived-dumps"} 0'].sort();
    try {
      await expect.poll(seen, { interval: 10 }).toEqual(running);
      lines.splice(0);

      process.kill(director.vrrpPid(), 'SIGSTOP');
      whileWaiting = () => {
        for (const pid of [director.vrrpPid(), director.pid]) process.kill(pid, 'SIGKILL');
        whileWaiting = () => {};
      };
      // Whether it misses the dumps of that moment depends on how soon the processes are gone.
      expect(await seen()).toEqual(expect.arrayContaining(processes(0)));
      await expect.poll(seen, { interval: 10 }).toEqual(gone);
      expect(await seen()).toEqual(gone);
      const lost = lines.splice(0);
      expect(lost).toContain(`${logMessages.collectorAbsent}: keepalived-dumps`);
      expect(lost).toEqual([...new Set(lost)]);

      await director.end('SIGKILL');
      rmSync(folder, { recursive: true });
      director = start();
      await expect.poll(seen, { interval: 10 }).toEqual(running);
      const works = ['keepalived', 'keepalived-dumps'].map((name) => `${logMessages.collectorWorks}: ${name}`);
      expect([...new Set(lines)].sort()).toEqual(works);
    } finally {
      await director.end('SIGKILL');
      wire.remove();
    }
  });
});

describe('an interface that is renamed', neededByDirectors, () => {
  it('is exported by its new name, and no collector fails meanwhile', async () => {
    const wire = createWire();
    const [name] = wire.names;
    const home = createLinuxHost({ procfs: '/proc', keepalived: createKeepalivedReader({ procfs: '/proc' }) });
    const { observe, lines } = watch(home.enter(name), network);
    const interfaces = async () => {
      const names = (await observe()).map((line) => /^network_interface_setting\{interface="(.*?)"/.exec(line)?.[1]);
      return [...new Set(names)].filter((one) => one !== undefined);
    };
    const rename = (from: string, to: string) =>
      `ip -n ${name} link set ${from} down && ip -n ${name} link set ${from} name ${to} up`;
    try {
      expect(await interfaces()).toEqual(['all', 'eth0']);
      execFileSync('sh', ['-c', rename('eth0', 'wan0')]);
      expect(await interfaces()).toEqual(['all', 'wan0']);
      const renaming = spawn('sh', ['-c', `while ${rename('wan0', 'lan0')} && ${rename('lan0', 'wan0')}; do :; done`]);
      const ended = once(renaming, 'exit');
      for (let count = 0; count < 200; count++) await interfaces();
      renaming.kill();
      await ended;
      expect(lines).toEqual([`${logMessages.collectorWorks}: network`]);
    } finally {
      wire.remove();
    }
  });
});
