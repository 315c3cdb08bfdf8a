import { setTimeout } from 'node:timers/promises';
import { keepalived } from '../../src/collectors/keepalived/keepalived.ts';
import type { Host, Keepalived } from '../../src/host/host.ts';
import { render } from '../../src/http/exposition.ts';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import { parseKeepalivedData } from '../../src/parsers/keepalived/data.ts';
import { parseKeepalivedJson } from '../../src/parsers/keepalived/json.ts';
import { parseKeepalivedStats } from '../../src/parsers/keepalived/stats.ts';
import type { Director } from './directors.ts';

/** What a reader does for the keepalived of a director: `read` what is there, or `ask` for it again first. */
export function readRealDirector({ namespace }: Pick<Director, 'namespace'>, lastDumpsDirectory: string) {
  const reader = createKeepalivedReader({
    procfs: '/proc',
    networkNamespace: namespace,
    lastDumpsDirectory,
    timeoutMilliseconds: 1000,
    sleep: () => setTimeout(1),
  });
  const read = async (): Promise<Keepalived> => {
    const [only, ...others] = await reader.keepalived();
    if (!only || others.length > 0) throw new Error(`Expected one keepalived, got ${others.length + 1}`);
    return only;
  };
  const ask = async () => {
    await reader.requestDumps();
    return await read();
  };
  return { ...reader, read, ask };
}

export const statesOf = ({ dumps }: Keepalived) =>
  new Set(parseKeepalivedJson(dumps.json?.text ?? '').instances.map(({ state }) => state));

export function namesIn({ json, data, stats }: Keepalived['dumps']) {
  return {
    json: json && parseKeepalivedJson(json.text).instances.map(({ name }) => name),
    data: data && parseKeepalivedData(data.text).instances.map(({ name }) => name),
    stats: stats && [...parseKeepalivedStats(stats.text).counters.keys()],
  };
}

/** Whether each virtual address is bound, by the address. */
export async function readBound(host: Host): Promise<ReadonlyMap<string, string>> {
  const text = await render(await keepalived.collect(host), 'text');
  const lines = [...text.matchAll(/^keepalived_vrrp_address_(\w+)\{.*address="(.*?)"(?:,device="(.*)")?\} (\d)$/gm)];
  return new Map(
    lines.map(([, kind, address = '', device, value = '']) =>
      kind === 'bound' ? [address, value] : [`${address} ${device}`, 'elsewhere'],
    ),
  );
}

export function bound(value: string): [string, string][] {
  const others = Array.from({ length: 18 }, (_, index) => `10.9.0.${index + 101}`);
  return ['10.9.0.100', 'fe80::9:100', ...others].map((address) => [address, value]);
}

/** How often keepalived reports that it was asked. */
export function countDumps(log: string) {
  const count = (pattern: RegExp) => log.match(pattern)?.length ?? 0;
  return {
    data: count(/Printing VRRP data for process/g),
    json: count(/Printing VRRP as json for process/g),
    stats: count(/Printing VRRP stats for process/g),
  };
}
