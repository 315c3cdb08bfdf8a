import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import { createWire, neededByDirectors, startKeepalived } from './directors.ts';
import { namesIn } from './real-reader.ts';

describe('createKeepalivedReader() of two real keepaliveds in one network namespace', neededByDirectors, () => {
  it('assigns the state to each, though both write keepalived.json in the same directory', async () => {
    const wire = createWire();
    const configure = (name: string, id: number, head = '') => `${head}
vrrp_instance ${name} {
  interface eth0
  virtual_router_id ${id}
  virtual_ipaddress {
    10.9.0.${id}/32
  }
}
`;
    const useInstance = 'instance lvs\nglobal_defs {\n  data_use_instance\n}\n';
    const start = (name: string, configuration: string) =>
      startKeepalived(wire.names[0], join(wire.folder, name), configuration, 'export TMPDIR="$PWD/.."');
    const both = [start('a', configure('VI_a', 11)), start('b', configure('VI_b', 12, useInstance))];
    const reader = createKeepalivedReader({ procfs: '/proc', networkNamespace: both[0]?.namespace ?? '' });
    const observe = async () => {
      await reader.requestDumps();
      return (await reader.keepalived()).map(({ daemon, running, dumps }) => [daemon, running, namesIn(dumps)]);
    };
    const expected = (name: string, state: boolean) => [
      join(wire.folder, name, 'keepalived.conf'),
      state,
      { json: [`VI_${name}`], data: [`VI_${name}`], stats: undefined },
    ];
    try {
      const sorted = async () => (await observe()).sort();
      await expect.poll(sorted).toEqual([expected('a', true), expected('b', true)]);
      expect(readdirSync(wire.folder).filter((name) => name.endsWith('.data'))).toContain('keepalived.lvs.data');
      await both[0]?.end('SIGTERM');
      await expect.poll(sorted).toEqual([expected('a', false), expected('b', true)]);
    } finally {
      await Promise.all(both.map(({ end }) => end('SIGKILL')));
      wire.remove();
    }
  });
});
