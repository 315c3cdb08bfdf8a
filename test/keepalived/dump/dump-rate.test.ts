import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Program, startInNamespace } from '../../program.ts';
import { createWire, type Director, neededByDirectors, startKeepalived, type Wire } from '../directors.ts';

/** Without virtual servers, which need IPVS: their checkers are asked by the signal that asks for the data. */
const configuration = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 11
  virtual_ipaddress {
    10.9.0.11/32
  }
}
`;

let wire: Wire;
let director: Director;
let program: Program | undefined;

/** What keepalived reports that it wrote because of a signal. */
const dumps = () => [...director.log().matchAll(/Printing (.+) for process/g)].map(([, name]) => name);
const count = (name: string) => dumps().filter((one) => one === name).length;

/** Starts the program beside keepalived, and waits until it has asked for dumps. */
async function start(schedule: string): Promise<Program> {
  program = await startInNamespace(wire.names[0], `--collector.keepalived-dumps.schedule=${schedule}`);
  await program.ready();
  return program;
}

async function scrape({ get }: Program): Promise<void> {
  const text = await (await get('/metrics')).text();
  expect(text).toContain('lvs_exporter_collector_success{collector="keepalived-dumps"} 1\n');
}

describe('the running program and a real keepalived', neededByDirectors, () => {
  beforeEach(async () => {
    wire = createWire();
    director = startKeepalived(wire.names[0], join(wire.folder, 'only'), configuration, 'export TMPDIR="$PWD"');
    await expect.poll(() => director.log()).toContain('Entering BACKUP STATE');
  });

  afterEach(async () => {
    program?.process.kill();
    await program?.ended;
    program = undefined;
    await director.end('SIGKILL');
    wire.remove();
  });

  it('asks for each dump when it starts, and for none before that is due, however often it is scraped', async () => {
    const running = await start('0 0 29 2 *');
    const asked = ['VRRP data', 'parent data', 'VRRP as json'];
    expect(dumps().sort()).toEqual(asked.sort());
    for (let scrapes = 0; scrapes < 100; scrapes++) await scrape(running);
    expect(dumps().sort()).toEqual(asked.sort());
  });

  it('asks for each dump once in an interval, of a second, while it is scraped all the time', async () => {
    const running = await start('* * * * * *');
    const started = performance.now();
    const [data, json] = [count('VRRP data'), count('VRRP as json')];
    while (count('VRRP data') < data + 6) await scrape(running);
    // And once for each end of the time, where a part of an interval counts and a run may be late.
    const most = (performance.now() - started) / 1000 + 2;
    expect(count('VRRP data') - data).toBeLessThanOrEqual(most);
    expect(count('VRRP as json') - json).toBeLessThanOrEqual(most);
    expect(count('VRRP stats')).toBe(0);
  });
});
