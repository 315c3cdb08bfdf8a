import { describe, expect, it } from 'vitest';
import { connectionRates } from '../../../src/page/model/connection-rates.ts';
import { counter, sample } from '../../../src/scrape/metric.ts';

const connections = counter('ipvs_virtual_server_connections_total', 'Connections.', [
  'protocol',
  'address',
  'port',
  'fwmark',
]);

function counted(port: string, total: number) {
  return sample(connections, total, { protocol: 'tcp', address: '10.0.0.1', port, fwmark: '' });
}

describe('connectionRates()', () => {
  it('gives the rise per second of each virtual server', () => {
    const rates = connectionRates([counted('80', 130), counted('443', 7)], [counted('80', 100), counted('443', 7)], 15);
    expect([...rates.values()]).toEqual([2, 0]);
  });

  it('gives none for a virtual server that is new, or whose counter fell', () => {
    expect(connectionRates([counted('80', 3), counted('443', 7)], [counted('80', 100)], 15)).toEqual(new Map());
  });
});
