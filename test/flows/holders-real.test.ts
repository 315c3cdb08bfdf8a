import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createCensus } from '../../src/flows/census/census.ts';
import { largestHolder } from '../../src/flows/census/holders.ts';
import { judge, type Memory } from '../../src/flows/classification/judge.ts';
import { judgeSources, type SourceMemory } from '../../src/flows/classification/sources.ts';
import { dumpFlows } from '../../src/netlink/conntrack/ctnetlink.ts';
import { needs } from '../needs.ts';
import { createNamespace } from '../netlink/namespace.ts';
import { restore } from './restore.ts';
import { timeouts } from './simulated-table.ts';

const options = needs('ip', 'conntrack', 'root', 'network namespaces');

const client = (n: number) => `192.0.2.${1 + (n % 250)}`;
const every = (flows: number, flow: (n: number) => string) => Array.from({ length: flows }, (_, n) => flow(n));

const dead = every(600, (n) => {
  const ends = `-s ${client(n)} -d 198.51.100.10 --sport ${1024 + n} --dport 5432`;
  return `${ends} --state ESTABLISHED -u ASSURED,SEEN_REPLY -t ${100_000 + n}`;
});
const closeWait = every(600, (n) => {
  const ends = `-s ${client(n)} -d 198.51.${100 + (n % 40)}.20 --sport ${1024 + n} --dport 8080`;
  return `${ends} --state CLOSE_WAIT -u ASSURED,SEEN_REPLY -t ${1000 + n}`;
});
const scanned = every(600, (n) => {
  const ends = `-s 192.0.2.10 -d 198.18.${n >> 8}.${n & 255} --sport ${20_000 + n} --dport 445`;
  return `${ends} --state SYN_SENT -u UNSET -t ${100 + (n % 20)} -w 4097`;
});
const translated = every(600, (n) => {
  const port = 1024 + n;
  const reply = `-r 10.78.2.2 -q ${client(n)} --reply-port-src 8080 --reply-port-dst ${port}`;
  const ends = `-s ${client(n)} -d 203.0.113.1 --orig-port-src ${port} --orig-port-dst 80 ${reply}`;
  return `${ends} --state SYN_SENT -u UNSET -t ${100 + (n % 20)}`;
});
const flooded = every(600, (n) => {
  const ends = `-s ${client(n)} -d 198.51.100.30 --sport ${1024 + n} --dport 443`;
  return `${ends} --state SYN_RECV -u SEEN_REPLY -t ${40 + (n % 20)}`;
});
const busy = every(600, (n) => {
  const ends = `-s ${client(n)} -d 203.0.113.7 --sport ${1024 + n} --dport 443`;
  return `${ends} --state ESTABLISHED -u ASSURED,SEEN_REPLY -t ${431_000 + n} -w 4097`;
});

/** Reads a real table three times. */
async function read(flows: readonly string[]) {
  const namespace = createNamespace('holders');
  try {
    restore(
      namespace,
      flows.map((flow) => `-p tcp ${flow}`),
    );
    let [memory, sourceMemory]: [Memory, SourceMemory] = [new Map(), new Map()];
    for (let reading = 0; ; reading++) {
      const taker = createCensus({ timeouts, seed: 1 });
      const { entries, complete } = await dumpFlows(taker.add, { namespace: namespace.path });
      const census = taker.finish({ count: entries, complete }, 20);
      const elapsedSeconds = reading === 0 ? undefined : 2;
      const judgement = judge(memory, census, { elapsedSeconds, invalidPackets: 0, directReturnServers: [] });
      const sources = judgeSources(sourceMemory, census);
      [memory, sourceMemory] = [judgement.memory, sources.memory];
      if (reading === 2) {
        const verdicts = judgement.findings.flatMap(({ verdict }) => (verdict === 'none' ? [] : verdict));
        return { verdicts, sources: sources.judged, holder: largestHolder(census) };
      }
      await sleep(2000);
    }
  } finally {
    namespace.remove();
  }
}

test('dead connections of a real table are named by destination, and not some SYNs beside them', options, async () => {
  const { verdicts, holder } = await read([...dead, ...translated.slice(0, 30)]);
  expect(verdicts).toEqual(['dead_connections']);
  expect(holder).toMatchObject({
    kind: 'destination',
    destination: { address: '198.51.100.10', port: 5432, idle: 600 },
  });
});

test('connections in CLOSE_WAIT to many destinations are named by their state', options, async () => {
  const { holder } = await read([...closeWait, ...busy.slice(0, 60)]);
  expect(holder).toEqual({ kind: 'state', entries: 600, protocol: 'tcp', state: 'CLOSE_WAIT' });
});

test('a scan is named by its source, zone and port', options, async () => {
  const { sources, holder, verdicts } = await read(scanned);
  expect(sources).toMatchObject([{ verdict: 'scan', source: { address: '192.0.2.10', zone: 4097 } }]);
  expect(holder).toMatchObject({ kind: 'source', source: { port: { protocol: 'tcp', port: 445 }, unreplied: 600 } });
  expect(verdicts).toEqual([]);
});

test('a scan of the ports of one host is named by its source', options, async () => {
  const ports = every(600, (n) => {
    const ends = `-s 192.0.2.10 -d 198.18.0.9 --sport ${20_000 + n} --dport ${1 + n}`;
    return `${ends} --state SYN_SENT -u UNSET -t ${100 + (n % 20)}`;
  });
  const { sources, holder } = await read([...ports, ...busy.slice(0, 60)]);
  expect(sources).toMatchObject([{ verdict: 'scan', source: { address: '192.0.2.10' } }]);
  expect(holder).toMatchObject({ kind: 'source', source: { address: '192.0.2.10', unreplied: 600 } });
});

test('a host with many ports and many clients is named by the state of its flows', options, async () => {
  const media = every(600, (n) => {
    const ends = `-s ${client(n)} -d 198.18.0.9 --sport ${20_000 + n} --dport ${10_000 + n}`;
    return `${ends} --state ESTABLISHED -u ASSURED,SEEN_REPLY -t ${431_000 + n}`;
  });
  const { holder } = await read([...media, ...busy.slice(0, 60)]);
  expect(holder).toMatchObject({ kind: 'state', protocol: 'tcp', state: 'ESTABLISHED', entries: 660 });
});

test('one-way flows of a translated destination are not mistaken for direct server return', options, async () => {
  const { verdicts, holder } = await read(translated);
  expect(verdicts).toEqual(['unanswered_nat']);
  expect(holder).toMatchObject({ kind: 'destination', destination: { address: '203.0.113.1', translated: 600 } });
});

test('handshakes that no client completes are an answered flood', options, async () => {
  expect((await read(flooded)).verdicts).toEqual(['answered_syn_flood']);
});

test('a large two-way service is named, whatever many small destinations have without a reply', options, async () => {
  const small = every(60, (n) => {
    const ends = `-s ${client(n)} -d 198.51.100.${100 + (n % 20)} --sport ${1024 + n} --dport 514`;
    return `${ends} --state SYN_SENT -u UNSET -t 3000`;
  });
  const { verdicts, holder } = await read([...small, ...busy]);
  expect(verdicts).toEqual(['two_way']);
  expect(holder).toMatchObject({ kind: 'destination', destination: { address: '203.0.113.7', zone: 4097 } });
});
