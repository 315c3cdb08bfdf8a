/**
 * What a scrape of a large keepalived costs: 255 VRRP instances with 20 addresses each, of a real one that writes new dumps
 * before every scrape; and 2,000 real servers with 4,000 checkers, of a recorded dump whose parts are repeated. Each scrape
 * reads the files, parses them and renders the samples. Needs root and keepalived.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { keepalived } from '../src/collectors/keepalived/keepalived.ts';
import { createKeepalivedCheckers } from '../src/collectors/keepalived-checkers/keepalived-checkers.ts';
import { render } from '../src/http/exposition.ts';
import { removeSecrets } from '../src/keepalived/dump/redact.ts';
import { createKeepalivedReader } from '../src/keepalived/reader.ts';
import { wholeChecks } from '../src/parsers/keepalived/whole.ts';
import { createWire, startKeepalived } from '../test/keepalived/directors.ts';
import { createHost } from '../test/machine.ts';

const instances = 255;
const addressesEach = 20;
const virtualServers = 100;
const realServersEach = 20;
const rounds = 10;

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Runs a scrape, and gives its time, its processor time and the size of what it gives. */
async function measure(scrape: () => Promise<string>) {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const text = await scrape();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000, series: text.split('\n').length };
}

async function report(what: string, prepare: () => Promise<unknown>, scrape: () => Promise<string>): Promise<void> {
  await prepare();
  const first = await measure(scrape);
  const later = [];
  for (let round = 0; round < rounds; round++) {
    await prepare();
    later.push(await measure(scrape));
  }
  const median = (values: readonly number[]) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
  const [ms, cpuMs] = [median(later.map((one) => one.ms)), median(later.map((one) => one.cpuMs))];
  print(
    `${what}: ${first.series} lines; the first ${first.ms.toFixed(0)} ms (processor ${first.cpuMs.toFixed(0)} ms), then ${ms.toFixed(0)} ms (processor ${cpuMs.toFixed(0)} ms); heap ${(process.memoryUsage().heapUsed / 2 ** 20).toFixed(0)} MiB`,
  );
}

function addressOf(instance: number, index: number): string {
  return `10.${(instance >> 8) + 20}.${instance & 255}.${index + 1}`;
}

const addressIndices = Array.from({ length: addressesEach }, (_, index) => index);

function configureInstance(vrid: number): string {
  const addresses = addressIndices.map((index) => `    ${addressOf(vrid, index)}/32\n`);
  return `vrrp_instance VI_${vrid} {\n  interface eth0\n  virtual_router_id ${vrid}\n  priority 100\n  version 3\n  virtual_ipaddress {\n${addresses.join('')}  }\n}\n`;
}

async function measureInstances(): Promise<void> {
  const vrids = Array.from({ length: instances }, (_, index) => index + 1);
  const wire = createWire();
  const configuration = vrids.map(configureInstance).join('');
  const director = startKeepalived(
    wire.names[0],
    join(wire.folder, 'first'),
    configuration,
    'mount --bind . /tmp && cd /tmp',
  );
  try {
    const reader = createKeepalivedReader({
      procfs: '/proc',
      networkNamespace: director.namespace,
      timeoutMilliseconds: 30_000,
    });
    const addresses = vrids.flatMap((vrid) =>
      addressIndices.map((index) => ({ address: addressOf(vrid, index), interface: 'eth0' })),
    );
    const host = { ...createHost({ addresses }), keepalived: reader.keepalived };
    while (
      !(await reader.requestDumps().then(
        () => true,
        () => false,
      ))
    )
      await setTimeout(200);
    const scrape = async () => render(await keepalived.collect(host), 'text');
    await report(`${instances} instances with ${addressesEach} addresses each`, reader.requestDumps, scrape);
  } finally {
    await director.end('SIGKILL');
    wire.remove();
  }
}

/** The dump of a real keepalived, with its first virtual server and its checkers so often as needed. */
function repeatServers(): string {
  const text = readFileSync(
    new URL('../test/fixtures/keepalived_check/2.2.7/keepalived_check.data', import.meta.url),
    'utf8',
  );
  const part = (from: RegExp, to: RegExp) => {
    const start = text.search(from);
    const rest = text.slice(start + 1);
    return text[start] + rest.slice(0, rest.search(to));
  };
  const server = part(/^ ------< Virtual server >------\n VS VIP/m, /^ {3}------< Real server/m)
    .replace(/VS VIP = .*/, 'VS VIP = SERVICE, VPORT = 80')
    .replace(/protocol = .*/, 'protocol = TCP');
  const real = part(/^ {3}------< Real server >------/m, /^ {3}------< |^ ------< /m).replace(
    /RIP = \S+ RPORT = \d+,/,
    'RIP = REAL, RPORT = 80,',
  );
  const checker = part(/^ \S.* -> \[/m, /^ \S.* -> \[/m).replace(/^ .*\n/, ' [SERVICE]:tcp:80 -> [REAL]:tcp:80\n');
  const services = Array.from({ length: virtualServers }, (_, index) => `10.30.0.${index + 1}`);
  const reals = Array.from({ length: realServersEach }, (_, index) => `10.31.0.${index + 1}`);
  const servers = services.map(
    (service) => server.replaceAll('SERVICE', service) + reals.map((one) => real.replaceAll('REAL', one)).join(''),
  );
  const checkers = services.flatMap((service) =>
    reals.map((one) => checker.replaceAll('SERVICE', service).replaceAll('REAL', one).repeat(2)),
  );
  const head = text.slice(0, text.search(/^ ------< Virtual server/m));
  return `${head}${servers.join('')}------< Health checkers >------\n${checkers.join('')}`;
}

async function measureServers(): Promise<void> {
  const written = repeatServers();
  const collector = createKeepalivedCheckers({ maxSeries: 20_000, aggregate: false });
  let modifiedSeconds = 0;
  const scrape = async () => {
    modifiedSeconds++;
    const check = { text: removeSecrets('check', written), modifiedSeconds };
    wholeChecks.check(check);
    const host = createHost({ keepalived: [{ daemon: '', running: true, dumps: { check } }] });
    return render(await collector.collect(host), 'text');
  };
  const count = virtualServers * realServersEach;
  await report(
    `${count} real servers with ${2 * count} checkers, ${(written.length / 1e6).toFixed(1)} MB`,
    async () => undefined,
    scrape,
  );
}

await measureServers();
await measureInstances();
