import { expect, it } from 'vitest';
import { keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import type { Host } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import { PartialFailure } from '../../../src/scrape/partial-failure.ts';
import { createHost, systemError } from '../../machine.ts';
import { addresses, announcements, dump } from './collected.ts';

const dumps = { data: dump('kitchen-sink/2.3.4', 'data', 1) };
const machine: Host = createHost({
  neighbours: [{ interface: 'ETH5', address: '203.0.113.2', answered: false }],
  keepalived: [{ daemon: '', running: true, dumps }],
  addresses,
  announcements,
});

/** The metrics of what the collector gives, whether or not it has everything. */
async function metricsOf(host: Host) {
  const samples = await keepalived.collect(host).catch((error: unknown) => {
    if (error instanceof PartialFailure) return error.samples;
    throw error;
  });
  return new Set((await render(samples, 'text')).match(/^keepalived_\w+/gm));
}

const own = {
  addresses: /^keepalived_vrrp_address_/,
  announcements: /notification|fifo|announce/,
  neighbours: /^keepalived_vrrp_unicast_peer_reachable$/,
};

it.each([
  ['addresses', 'EMFILE'],
  ['addresses', 'ENOBUFS'],
  ['announcements', 'EIO'],
  ['neighbours', 'EMFILE'],
  ['neighbours', 'ETIMEDOUT'],
] as const)('VRRP of the dumps stays where %s fails with %s, and the collector reports it', async (source, code) => {
  const failing: Host = { ...machine, [source]: () => Promise.reject(systemError(code, 'socket')) };
  await expect(keepalived.collect(failing)).rejects.toThrow(PartialFailure);
  const usual = await metricsOf(machine);
  const lost = [...usual].filter((name) => own[source].test(name));
  expect(lost.length).toBeGreaterThan(0);
  expect(await metricsOf(failing)).toEqual(new Set([...usual].filter((name) => !lost.includes(name))));
});
