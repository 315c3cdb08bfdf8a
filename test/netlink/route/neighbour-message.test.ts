import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeInterface } from '../../../src/netlink/route/address-message.ts';
import { decodeNeighbour } from '../../../src/netlink/route/neighbour-message.ts';
import { readNeighbours } from '../../../src/netlink/route/rtnetlink.ts';
import { needs } from '../../needs.ts';
import { damagedMessages } from '../damaged-messages.ts';
import { viewOf } from '../ip-vs-messages.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

const directory = new URL('../../fixtures/addresses/', import.meta.url);

function recordedMessages(kind: 'neighbour' | 'link'): DataView[] {
  const lines = readFileSync(new URL('neighbours.hex', directory), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => viewOf(Buffer.from(line.slice(kind.length + 1), 'hex')));
}

/** What `ip -oneline neighbour show nud all` lists and the kernel asked for, as `eth0 10.9.0.2 true`. */
function describeListing(listing: string): string[] {
  return listing
    .split('\n')
    .filter((line) => /(REACHABLE|STALE|DELAY|PROBE|FAILED|INCOMPLETE) *$/.test(line))
    .map((line) => {
      const [, address, device] = /^(\S+) dev (\S+)/.exec(line) ?? [];
      return `${device} ${address} ${!/(FAILED|INCOMPLETE) *$/.test(line)}`;
    });
}

describe('decodeNeighbour()', () => {
  it('reads what ip lists, but for entries that the kernel does not ask for', () => {
    const interfaces = recordedMessages('link').map((view) => decodeInterface(view, 0, view.byteLength));
    const names = new Map(interfaces.map(({ index, name }) => [index, name]));
    const read = recordedMessages('neighbour').flatMap((view) => decodeNeighbour(view, 0, view.byteLength) ?? []);
    const listed = describeListing(readFileSync(new URL('ip-neighbour', directory), 'utf8'));
    expect(
      read.map(({ interfaceIndex, address, answered }) => `${names.get(interfaceIndex)} ${address} ${answered}`).sort(),
    ).toEqual(listed.sort());
    expect(listed).toHaveLength(9);
  });

  it('leaves out another family, and an entry without an address', () => {
    const bridge = [7, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0];
    expect(decodeNeighbour(viewOf(new Uint8Array(bridge)), 0, 12)).toBeUndefined();
    expect(decodeNeighbour(viewOf(new Uint8Array([2, ...bridge.slice(1)])), 0, 12)).toBeUndefined();
  });

  it('refuses a message that is too short', () => {
    expect(() => decodeNeighbour(viewOf(new Uint8Array(11)), 0, 11)).toThrow(': a message has no ndmsg');
  });

  it('reads a hostile message or refuses it with one error', () => {
    fc.assert(
      fc.property(damagedMessages(recordedMessages('neighbour'), 100), (message) => {
        try {
          decodeNeighbour(viewOf(message), 0, message.length);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect(error).toHaveProperty('message', expect.stringMatching(/^Malformed netlink message at byte \d+: .+$/));
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('readNeighbours() on this kernel', needs('bash', 'ip', 'root', 'network namespaces', 'IPv6'), () => {
  let namespace: Namespace;

  beforeAll(() => {
    namespace = createNamespace('neighbours');
    namespace.run('ip', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1');
    for (const device of ['veth0', 'veth1']) namespace.run('ip', 'link', 'set', device, 'up');
    const add =
      'for a in 0 1; do for b in {1..250}; do for n in 10.1.$a.$b fd00::$a:$b; do echo neighbour add $n dev veth$a lladdr 02:00:00:00:00:01 nud stale; done; done; done';
    namespace.run('bash', '-c', `${add} | ip -batch -`);
    namespace.run('ip', 'neighbour', 'add', '10.1.0.1', 'dev', 'veth1', 'lladdr', '02:00:00:00:00:02');
  });

  afterAll(() => namespace?.remove());

  it('reads those that are wanted, of more than one datagram and of both families', async () => {
    const wanted = ['10.1.0.1', '10.1.1.250', 'fd00::1:250', '10.1.2.1'];
    const read = await readNeighbours(wanted, { namespace: namespace.path });
    expect(read.sort((one, other) => one.address.localeCompare(other.address))).toEqual([
      { interface: 'veth0', address: '10.1.0.1', answered: true },
      { interface: 'veth1', address: '10.1.1.250', answered: true },
      { interface: 'veth1', address: 'fd00::1:250', answered: true },
    ]);
  });

  it('needs no privilege', async () => {
    process.seteuid?.(65_534);
    try {
      expect(await readNeighbours(['192.0.2.99'])).toEqual([]);
    } finally {
      process.seteuid?.(0);
    }
  });
});
