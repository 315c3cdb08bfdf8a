import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeInterface, decodeInterfaceAddress } from '../../../src/netlink/route/address-message.ts';
import { readAddresses } from '../../../src/netlink/route/rtnetlink.ts';
import { needs } from '../../needs.ts';
import { damagedMessages } from '../damaged-messages.ts';
import { viewOf } from '../ip-vs-messages.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

const directory = new URL('../../fixtures/addresses/', import.meta.url);

function recordedMessages(kind: 'address' | 'link'): DataView[] {
  const lines = readFileSync(new URL('netlink.hex', directory), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith(`${kind} `))
    .map((line) => viewOf(Buffer.from(line.slice(kind.length + 1), 'hex')));
}

const decode = <T>(view: DataView, read: (bytes: DataView, start: number, stop: number) => T): T =>
  read(view, 0, view.byteLength);

/** What `ip -oneline address` lists and is in use, as `eth0 10.9.0.1`. */
function describeListing(listing: string): string[] {
  const lines = listing.trimEnd().split('\n');
  return lines.flatMap((line) => {
    const [, name, address] = /^\d+: (\S+)\s+inet6? ([^ /]+)/.exec(line) ?? [];
    return line.includes('dadfailed') ? [] : [`${name} ${address}`];
  });
}

describe('decodeAddress() and decodeInterface()', () => {
  it('read what ip lists, but for an address that someone else has', () => {
    const names = new Map(
      recordedMessages('link')
        .map((view) => decode(view, decodeInterface))
        .map(({ index, name }) => [index, name]),
    );
    const read = recordedMessages('address').flatMap((view) => decode(view, decodeInterfaceAddress) ?? []);
    const listed = describeListing(readFileSync(new URL('ip-address', directory), 'utf8'));
    expect(read.map(({ interfaceIndex, address }) => `${names.get(interfaceIndex)} ${address}`).sort()).toEqual(
      listed.sort(),
    );
    expect(listed).toHaveLength(12);
  });

  it('leave out what is no IP address', () => {
    expect(decode(viewOf(new Uint8Array([28, 0, 0, 0, 1, 0, 0, 0])), decodeInterfaceAddress)).toBeUndefined();
  });

  it('take the flags of the header where an old kernel sends no others', () => {
    const [, ...attributes] = [0, 8, 0, 1, 0, 10, 9, 0, 1];
    const address = (flags: number) => viewOf(new Uint8Array([2, 24, flags, 0, 7, 0, 0, 0, ...attributes]));
    expect(decode(address(0x80), decodeInterfaceAddress)).toEqual({ interfaceIndex: 7, address: '10.9.0.1' });
    expect(decode(address(0x08), decodeInterfaceAddress)).toBeUndefined();
  });

  it('refuse a message that is too short, and an interface without a name', () => {
    expect(() => decode(viewOf(new Uint8Array(7)), decodeInterfaceAddress)).toThrow(': a message has no ifaddrmsg');
    expect(() => decode(viewOf(new Uint8Array(15)), decodeInterface)).toThrow(': a message has no ifinfomsg');
    expect(() => decode(viewOf(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0])), decodeInterfaceAddress)).toThrow(
      ': attribute 1 is missing',
    );
    expect(() => decode(viewOf(new Uint8Array(16)), decodeInterface)).toThrow(': attribute 3 is missing');
  });

  const decoders: readonly ((bytes: DataView, start: number, stop: number) => unknown)[] = [
    decodeInterfaceAddress,
    decodeInterface,
  ];

  it('read a hostile message or refuse it with one error', () => {
    const real = [...recordedMessages('address'), ...recordedMessages('link')];
    const bytes = damagedMessages(real, 100);
    fc.assert(
      fc.property(bytes, fc.constantFrom(...decoders), (message, read) => {
        try {
          decode(viewOf(message), read);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect(error).toHaveProperty('message', expect.stringMatching(/^Malformed netlink message at byte \d+: .+$/));
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('readAddresses() on this kernel', needs('bash', 'ip', 'root', 'network namespaces', 'IPv6'), () => {
  let namespace: Namespace;

  beforeAll(() => {
    namespace = createNamespace('addresses');
    namespace.run('ip', 'link', 'set', 'lo', 'up');
    namespace.run('ip', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1');
    const addAll =
      'for n in 0 1; do for a in 0 1; do for b in {1..250}; do echo address add 10.$n.$a.$b/32 dev veth$n; done; done; done';
    namespace.run('bash', '-c', `${addAll} | ip -batch -`);
  });

  afterAll(() => namespace?.remove());

  it('reads what ip lists, also of more than one datagram and of interfaces that are down', async () => {
    const read = await readAddresses({ namespace: namespace.path });
    expect(read.map(({ interface: name, address }) => `${name} ${address}`).sort()).toEqual(
      describeListing(namespace.run('ip', '-oneline', 'address')).sort(),
    );
    expect(read.length).toBeGreaterThan(1000);
  });

  it('needs no privilege', async () => {
    process.seteuid?.(65_534);
    try {
      expect(await readAddresses()).toContainEqual({ interface: 'lo', address: '127.0.0.1' });
    } finally {
      process.seteuid?.(0);
    }
  });
});
