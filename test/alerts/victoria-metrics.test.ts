import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../scripts/free-port.ts';
import { withoutKeeping } from '../../scripts/without-keeping.ts';
import { needs } from '../needs.ts';
import { badText, bareGroups, type Group, idOf } from './bare-series.ts';

interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A table that is full in 58 s, a quarter of an hour long, in the text format with milliseconds. */
function seriesOf(now: number): string {
  const holder = '{kind="destination",protocol="tcp",address="10.0.0.100",port="80",zone="0"';
  const values: Readonly<Record<string, number>> = {
    'conntrack_full_in_seconds{': 58,
    'conntrack_full_in_confirmed_seconds{': 58,
    'conntrack_entries{': 25_500,
    'conntrack_entries_limit{': 100_000,
    [`conntrack_largest_holder_entries${holder},`]: 20_000,
  };
  const times = Array.from({ length: 60 }, (_, index) => now + (index - 50) * 15_000);
  return Object.entries(values)
    .flatMap(([series, value]) =>
      times.map((time) => `${series}job="lvs-exporter",instance="compute"} ${value} ${time}`),
    )
    .join('\n');
}

describe('the rules on VictoriaMetrics', needs('victoria-metrics', 'vmalert'), () => {
  const sent = new Map<string, SentAlert>();
  const children: ChildProcess[] = [];
  let folder: string;
  let receiver: Server;
  let groups: readonly Group[];

  const start = (program: string, ...words: readonly string[]) => {
    children.push(spawn(program, words, { stdio: 'ignore' }));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-victoria-'));
    groups = parse(await readFile('alerts/lvs-exporter.rules.yml', 'utf8')).groups;
    await writeFile(join(folder, 'rules.yml'), stringify(withoutKeeping({ groups })));
    await writeFile(join(folder, 'bare.yml'), stringify(withoutKeeping({ groups: bareGroups(groups) })));

    receiver = createServer((request, response) => {
      text(request).then((body) => {
        for (const alert of JSON.parse(body) as SentAlert[]) {
          const { alertname, severity, instance } = alert.labels;
          sent.set(`${instance} ${alertname} ${severity}`, alert);
        }
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const notifier = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;

    const [database, alerts] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${database}`;
    start(
      'victoria-metrics',
      `-storageDataPath=${folder}/data`,
      `-httpListenAddr=127.0.0.1:${database}`,
      '-search.latencyOffset=0s',
    );
    await vi.waitFor(
      async () => {
        const { ok } = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: seriesOf(Date.now()) });
        expect(ok).toBe(true);
      },
      { timeout: 300_000 },
    );
    start(
      'vmalert',
      `-rule=${folder}/*.yml`,
      `-datasource.url=${url}`,
      `-notifier.url=${notifier}`,
      `-remoteWrite.url=${url}`,
      `-httpListenAddr=127.0.0.1:${alerts}`,
      '-evaluationInterval=1s',
    );
  });

  afterAll(async () => {
    for (const child of children) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    receiver.close();
    await rm(folder, { recursive: true });
  });

  it('send every alert, also for a series that has hardly a label', async () => {
    const expected = groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined).map(idOf));
    await expect.poll(() => expected.filter((id) => !sent.has(`bare ${id}`))).toEqual([]);
    const texts = [...sent.values()].flatMap(({ annotations }) => Object.values(annotations));
    expect(texts.filter((one) => badText.test(one))).toEqual([]);
  });

  it('page before a table is full, and name what fills it', async () => {
    await expect
      .poll(() => sent.get('compute ConntrackTableFullSoon critical')?.annotations.description)
      .toBe(
        'The connection tracking table of compute will be full in about 58s if flows continue to arrive as they do now. Most entries, 20k, go to tcp 10.0.0.100:80.',
      );
  });
});
