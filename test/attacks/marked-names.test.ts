import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { createOtherNamespaces } from '../../src/collectors/other-namespaces.ts';
import { prerequisites } from '../../src/collectors/prerequisites/prerequisites.ts';
import { renderCheck } from '../../src/diagnosis/report/check.ts';
import { renderJson } from '../../src/diagnosis/report/json.ts';
import { createReport } from '../../src/diagnosis/report/report.ts';
import { renderReport } from '../../src/diagnosis/report/text.ts';
import type { Host } from '../../src/host/host.ts';
import { makeLinesVisible, makeVisible } from '../../src/identity/visible.ts';
import { createLog } from '../../src/log/log.ts';
import { pageDocument } from '../../src/page/document.ts';
import { describeStatus } from '../../src/page/model/status.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { describeTop } from '../../src/top/model.ts';
import { renderScreen } from '../../src/top/screen.ts';
import { firstView, press } from '../../src/top/view.ts';
import { openWholeMachine } from '../faults/whole-machine.ts';
import { readCheckFixture } from '../keepalived/check-fixtures.ts';
import { readDump } from '../keepalived/fixtures.ts';
import { createHost } from '../machine.ts';
import { computeNodes } from '../openstack/compute-node.ts';
import { createMarkedHost, mark } from './marked-names.ts';

/** What a user, the owner of a virtual machine or an administrator may call things on this machine. */
const names = [
  ...[
    'VI_a',
    'VI_b',
    'VI_c',
    'VI_d',
    'SG_fault',
    'SG one, two',
    'tf_small',
    'tp_sleep',
    'web',
    'eth0',
    'eth1',
    'dummy0',
  ],
  ...['director-1', 'web shop', 'mail', 'instance-0000002a', 'instance-0000002b', 'alice', 'bob', 'blue', 'br-int'],
  ...['OpenStack Nova', 'ena'],
];

const folder = mkdtempSync(join(tmpdir(), 'lvs-marked-names-'));
const namesFile = join(folder, 'names.yml');
/** YAML refuses what a terminal obeys, but not what turns text around. */
const serviceName = 'shop \u202e\u2066$(id)`id`<b>';

afterAll(() => rmSync(folder, { recursive: true }));

/** In the zone of a virtual machine. */
const flows = Array.from(
  { length: 200 },
  (_, n) =>
    `ipv4     2 tcp      6 113 SYN_SENT src=203.0.113.${n % 3} dst=10.0.0.11 sport=${n} dport=80 [UNREPLIED] src=10.0.0.11 dst=203.0.113.${n % 3} sport=80 dport=${n} mark=0 zone=4097 use=2\n`,
).join('');

async function openMachine(): Promise<Host> {
  const nowMs = Date.now();
  const whole = await openWholeMachine(nowMs);
  const node = createHost({ ...computeNodes.hybrid, flows });
  const dump = (text: string) => ({ text, modifiedSeconds: nowMs / 1000 });
  const of = (kind: 'json' | 'data' | 'stats') => dump(readDump('kitchen-sink/2.3.4', kind));
  const check = dump(readCheckFixture('2.2.7-down', 'keepalived_check.data'));
  const dumps = { json: of('json'), data: of('data'), stats: of('stats'), check };
  const isNode = (path: string) => path.startsWith('/run/libvirt/');
  return {
    ...whole,
    keepalived: async () => [{ daemon: 'blue', running: true, dumps, processes: [{ process: 'vrrp', restarts: 3 }] }],
    openVSwitch: node.openVSwitch,
    rawTables: node.rawTables,
    flows: node.flows,
    readFile: (path) => (isNode(path) ? node : whole).readFile(path),
    readParts: (path, take) => (isNode(path) ? node : whole).readParts(path, take),
    listDirectory: (path) => (isNode(path) ? node : whole).listDirectory(path),
    platform: async () => ({
      ...{ manufacturer: 'OpenStack Foundation', model: 'OpenStack Nova', virtual: true, virtualHost: 'KVM' },
      memoryBytes: 2 ** 31,
    }),
  };
}

const logged: string[] = [];

/** What the machine gives in two readings. */
async function readMachine(host: Host): Promise<readonly [readonly Sample[], readonly Sample[]]> {
  const table = { ...defaultSettings.table, sources: true };
  const ipvs = { ...defaultSettings.ipvs, namesFile };
  const collectors = [
    ...createCollectors({ ...defaultSettings, ipvs, table, namespaces: [`blue${mark}`] }),
    createOtherNamespaces([]),
    prerequisites,
  ];
  const log = createLog({ level: 'debug', format: 'logfmt', write: (line) => logged.push(line) });
  const runner = createRunner({ collectors, host, log });
  const read = async () => {
    for (const collector of collectors.filter(({ schedule }) => schedule !== undefined)) await runner.run(collector);
    return await runner.collect(60_000);
  };
  return [await read(), await read()];
}

let before: readonly Sample[];
let samples: readonly Sample[];
let outputs: Readonly<Record<string, string>>;

beforeAll(async () => {
  const marked = createMarkedHost(await openMachine(), names);
  writeFileSync(namesFile, `10.0.0.100:80: ${JSON.stringify(serviceName)}\n`);
  [before, samples] = await readMachine(marked);
  const broken = createMarkedHost({ ...(await openMachine()), readFile: async () => `${mark}\n${mark}` }, names);
  await readMachine(broken);
  const report = createReport({ atSeconds: 0, now: samples, before, failures: new Map() });
  const status = describeStatus({ atSeconds: 10, samples }, { atSeconds: 0, samples: before });
  const model = describeTop(
    { atSeconds: 10, samples },
    { atSeconds: 0, samples: before },
    {
      ...{ name: mark, intervalSeconds: 5, problem: mark },
    },
  );
  const extent = { columns: model.tables.map(({ columns }) => columns.length), rows: 500 };
  const views = model.tables.map((_, n) => press(firstView, String(n + 1), extent) ?? firstView);
  const lines = views.flatMap((view) => renderScreen(model, view, { columns: 400, rows: 500 }));
  outputs = {
    'the report of diagnose': renderReport(report, { columns: 100, colour: false, verbose: true }),
    'its JSON': renderJson(report),
    'the line of a check': renderCheck(report),
    'the status page': pageDocument(mark, status, []),
    'the live view': lines.map(({ text }) => text).join('\n'),
    'the log': logged.join(''),
    'metrics on a terminal': makeLinesVisible(samples.map(({ labels }) => JSON.stringify(labels)).join('\n')),
  };
});

/** What moves a cursor, turns text around or cannot be seen, but for line ends. */
const invisible = (text: string) => text.match(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu);

describe('names on a machine that a stranger may choose', () => {
  it('are in the samples of every source', () => {
    const labels = new Set(samples.flatMap((one) => Object.values(one.labels)));
    // Characters that XML does not have are lost on the way.
    const isLabel = (name: string) =>
      [...labels].some((label) => label.startsWith(name) && label.includes('$(id)`id`'));
    const internal = ['mail', 'instance-0000002b', 'alice', 'bob', 'br-int', 'ena', 'dummy0', 'eth1', 'OpenStack Nova'];
    expect(names.filter((name) => !isLabel(name) && !internal.includes(name))).toEqual([]);
    expect(labels).toContain(serviceName);
  });

  it.each([
    'the report of diagnose',
    'its JSON',
    'the line of a check',
    'the status page',
    'the live view',
    'the log',
    'metrics on a terminal',
  ])('change nothing in %s', (where) => expect(invisible(outputs[where] ?? '\u0000')).toBe(null));

  it.each(['the report of diagnose', 'its JSON', 'the status page', 'the live view', 'the log'])(
    'are shown in %s',
    (where) => {
      const shown = makeVisible(mark).slice(0, 12);
      expect(outputs[where]?.replaceAll('\\\\', '\\')).toContain(shown);
    },
  );

  it('are no markup of the page', () => {
    expect(outputs['the status page']).not.toMatch(/<b>|"onload=/);
  });
});
