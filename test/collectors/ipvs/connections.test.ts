import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../machine.ts';
import { systemError } from '../../machine.ts';
import { collect, machine, web, webDetail } from '../ipvs-machine.ts';

const statusPath = '/proc/net/ip_vs_status';
const status = readFileSync('test/fixtures/ip_vs/ip_vs_status', 'utf8');
const limit = { '/proc/sys/net/ipv4/vs/conn_max': '1073741824\n' };

/** The number and the limit of connections, by what the kernel shows. */
async function connectionsOf(files: NonNullable<Machine['files']>, rest: Machine = {}): Promise<string[]> {
  const series = await collect(machine(web, { ...rest, files }));
  return series.filter((line) => /^ipvs_connections(_limit)? /.test(line));
}

describe('connections of ipvs', () => {
  it('are absent before Linux 7.1', async () => {
    expect(await connectionsOf({})).toEqual([]);
  });

  it('are those that the kernel counts', async () => {
    const files = { [statusPath]: status, ...limit };
    expect(await connectionsOf(files)).toEqual(['ipvs_connections 9401', 'ipvs_connections_limit 1073741824']);
  });

  it('have no limit on Linux 7.1', async () => {
    expect(await connectionsOf({ [statusPath]: status })).toEqual(['ipvs_connections 9401']);
  });

  it.each(['EACCES', 'EPERM'])('are those of the real servers where the file gives %s', async (code) => {
    const files = { [statusPath]: systemError(code, 'refused'), ...limit };
    expect(await connectionsOf(files)).toEqual(['ipvs_connections 8', 'ipvs_connections_limit 1073741824']);
    const withTemplates = await connectionsOf(files, { ipvs: webDetail });
    expect(withTemplates).toEqual(['ipvs_connections 22', 'ipvs_connections_limit 1073741824']);
  });

  it('fail the collector where the file is damaged', async () => {
    await expect(connectionsOf({ [statusPath]: 'Conns:' })).rejects.toThrow(statusPath);
  });

  it('are read of a kernel without a hash table yet', async () => {
    const table =
      'IP Virtual Server version 1.2.1 (size=0)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n';
    const series = await collect(machine('', { files: { '/proc/net/ip_vs': table, ...limit } }));
    expect(series).toContain('ipvs_connection_table_buckets 0');
    expect(series).toContain('ipvs_connections 0');
  });
});
