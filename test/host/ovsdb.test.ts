import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readOpenVSwitch } from '../../src/host/ovsdb.ts';
import { type OpenVSwitch, parseOpenVSwitch } from '../../src/parsers/openstack/open-vswitch.ts';
import { needs } from '../needs.ts';
import { readFixture } from '../openstack/compute-node.ts';
import {
  makeOvnNetwork,
  plug,
  plugDhcp,
  ports,
  schemaWithLimits,
  startVirtualSwitch,
  tag,
  type VirtualSwitch,
  waitForZones,
} from '../openstack/virtual-switch.ts';

const openVSwitch = needs('ovs-vsctl', 'ovs-vswitchd', 'ovsdb-client', 'ovsdb-server', 'ovsdb-tool');
const ovn = needs('ovn-controller', 'ovn-nbctl', 'ovn-northd');

/** Rows come in no order. */
function sort({ interfaces, tags, zones }: OpenVSwitch) {
  return {
    interfaces: [...interfaces].sort((one, other) => one.name.localeCompare(other.name)),
    tags: [...tags].sort(([one], [other]) => one.localeCompare(other)),
    zones,
  };
}

async function read({ socket }: VirtualSwitch) {
  return sort(parseOpenVSwitch(await readOpenVSwitch(socket)));
}

describe('readOpenVSwitch() from a real Open vSwitch', openVSwitch, () => {
  it('gives what is recorded of one, and not what was unplugged', async () => {
    const machine = startVirtualSwitch();
    try {
      for (const port of ports) tag(machine, plug(machine, 'tap', port), 3);
      tag(machine, plugDhcp(machine), 3);
      expect(await read(machine)).toEqual(sort(parseOpenVSwitch(readFixture('openvswitch.json'))));
      machine.configure('del-port', 'tap1a2b3c4d-5e');
      expect((await read(machine)).interfaces.map(({ name }) => name)).toEqual(['tap77c1dc00-af']);
    } finally {
      machine.stop();
    }
  });

  it('gives the limits of zones of the datapath in the kernel, and no others', async () => {
    const machine = startVirtualSwitch(schemaWithLimits());
    try {
      const zone = (name: string, limit: number) => ({
        op: 'insert',
        table: 'CT_Zone',
        'uuid-name': name,
        row: { limit },
      });
      const datapath = (name: string, row: object) => ({ op: 'insert', table: 'Datapath', 'uuid-name': name, row });
      const zones = (...pairs: readonly (readonly [number, string])[]) => [
        'map',
        pairs.map(([number, name]) => [number, ['named-uuid', name]]),
      ];
      machine.transact(
        zone('large', 5000),
        zone('unlimited', 0),
        { op: 'insert', table: 'CT_Zone', 'uuid-name': 'silent', row: {} },
        zone('elsewhere', 7),
        datapath('kernel', {
          ct_zone_default_limit: 1000,
          ct_zones: zones([3, 'large'], [4, 'unlimited'], [5, 'silent']),
        }),
        datapath('userspace', { ct_zone_default_limit: 9, ct_zones: zones([3, 'elsewhere']) }),
        {
          op: 'update',
          table: 'Open_vSwitch',
          where: [],
          row: {
            datapaths: [
              'map',
              [
                ['system', ['named-uuid', 'kernel']],
                ['netdev', ['named-uuid', 'userspace']],
              ],
            ],
          },
        },
      );
      const { limits } = parseOpenVSwitch(await readOpenVSwitch(machine.socket));
      expect(limits).toEqual({
        byZone: new Map([
          [3, 5000],
          [4, 0],
        ]),
        default: 1000,
      });
    } finally {
      machine.stop();
    }
  });

  it('gives what it has where the database has no limits: not the columns, nor the tables', async () => {
    const { tables, ...schema } = schemaWithLimits();
    const { CT_Zone: _zones, Datapath: _datapaths, CT_Timeout_Policy: _policies, ...old } = tables;
    const { datapaths: _column, ...columns } = old.Open_vSwitch?.columns ?? {};
    const withoutTables = { ...schema, tables: { ...old, Open_vSwitch: { ...old.Open_vSwitch, columns } } };
    for (const known of [undefined, withoutTables]) {
      const machine = startVirtualSwitch(known);
      try {
        plug(machine, 'tap', ports[0]);
        const { interfaces, limits } = parseOpenVSwitch(await readOpenVSwitch(machine.socket));
        expect(interfaces).toHaveLength(1);
        expect(limits).toEqual({ byZone: new Map(), default: undefined });
      } finally {
        machine.stop();
      }
    }
  });

  it('gives the zones that ovn-controller chooses', ovn, async () => {
    const machine = startVirtualSwitch();
    try {
      const northbound = machine.startOvn();
      makeOvnNetwork(northbound);
      for (const port of ports) plug(machine, 'tap', port);
      waitForZones(northbound);
      const { interfaces, zones } = await read(machine);
      expect(interfaces).toEqual(sort(parseOpenVSwitch(readFixture('ovn.json'))).interfaces);
      const owners = zones.map(({ owner }) => owner);
      expect(owners).toEqual(expect.arrayContaining(ports.map(({ id }) => id)));
      expect(owners.filter((owner) => /_[ds]nat$/.test(owner))).toHaveLength(4);
      expect(new Set(zones.map(({ zone }) => zone)).size).toBe(zones.length);
    } finally {
      machine.stop();
    }
  });
});

describe('readOpenVSwitch()', () => {
  const path = join(tmpdir(), `lvs-test-ovsdb-${process.pid}.sock`);
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server = undefined;
    rmSync(path, { force: true });
    vi.useRealTimers();
  });

  /** What asks a socket on which `answer` is all that happens. */
  async function ask(answer: (socket: Socket) => void): Promise<string> {
    const listening = createServer(answer);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(path, resolve));
    return await readOpenVSwitch(path);
  }

  it('rejects with ENOENT where there is none', async () => {
    await expect(readOpenVSwitch(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes an answer in parts', async () => {
    const text = await ask((socket) => {
      socket.write('{"id":0,"result":[{"a":"}\\"}');
      socket.once('data', () => socket.write('\\\\"}],"error":null}\n'));
    });
    expect(JSON.parse(text)).toEqual({ id: 0, result: [{ a: '}"}\\' }], error: null });
  });

  it('only asks', async () => {
    let asked = '';
    await ask((socket) => {
      socket.on('data', (data) => {
        asked += data;
        socket.write('{}');
      });
    });
    const { method, params } = JSON.parse(asked);
    const [database, ...operations] = params;
    expect([method, database]).toEqual(['transact', 'Open_vSwitch']);
    expect(operations.map(({ op }: { op: string }) => op)).toEqual(Array(6).fill('select'));
  });

  it('rejects when the connection ends', async () => {
    await expect(ask((socket) => socket.end('{"id":0,'))).rejects.toThrow(
      `${path}: expected an answer, got the end of the connection`,
    );
  });

  it('rejects without an answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = ask((socket) => socket.once('data', () => vi.advanceTimersByTime(5_000)));
    await expect(asked).rejects.toMatchObject({ code: 'ETIMEDOUT', message: `${path}: no answer within 5 s` });
  });
});
