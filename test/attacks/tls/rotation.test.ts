import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWhole } from '../../../src/http/web-config/read-whole.ts';
import { logMessages } from '../../../src/log/messages.ts';
import { certificates, createTlsFolder, getStatus, pair, type TlsFolder } from './server.ts';

let tls: TlsFolder;
let port: number;
/** A client whose connection stays open. */
let agent: Agent;

const isTrusted = { rejectUnauthorized: false };

beforeEach(async () => {
  tls = createTlsFolder();
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
});

afterEach(async () => {
  agent.destroy();
  await tls.remove();
});

const contentOf = (file: string) => readFileSync(join(certificates, file));
const inFolder = (file: string) => join(tls.folder, file);

function replaceByRename(target: string, source: string): void {
  writeFileSync(inFolder('new'), contentOf(source));
  renameSync(inFolder('new'), inFolder(target));
}

const writeInPlace = (target: string, source: string) => writeFileSync(inFolder(target), contentOf(source));

const writeHalf = (target: string, source: string) =>
  writeFileSync(inFolder(target), contentOf(source).subarray(0, 80));

/** What an open connection and a new one get. */
async function askBoth(): Promise<readonly [number | undefined, number | string | undefined]> {
  const open = await getStatus(port, { agent, ...isTrusted });
  return [open, await getStatus(port, isTrusted).catch(() => 'refused')];
}

const reads = () => tls.logged.map(({ msg }) => msg).filter((message) => ofReading.includes(message));
const ofReading: readonly unknown[] = [logMessages.webConfigFailed, logMessages.webConfigReadAgain];

describe('while certificate and key are replaced, an open connection loses no scrape and a new one only meets a whole pair:', () => {
  beforeEach(async () => {
    port = await tls.serveWith(tls.configure(pair));
    expect(await askBoth()).toEqual([200, 200]);
  });

  it.each([
    ['the certificate first, by rename', replaceByRename, 'server.pem', 'server.key'],
    ['the key first, by rename', replaceByRename, 'server.key', 'server.pem'],
    ['the certificate first, in place', writeInPlace, 'server.pem', 'server.key'],
    ['the key first, in place', writeInPlace, 'server.key', 'server.pem'],
  ])('%s', async (_what, replace, first, second) => {
    replace(first, first.replace('server', 'stranger'));
    expect(await askBoth()).toEqual([200, 'refused']);
    replace(second, second.replace('server', 'stranger'));
    expect(await askBoth()).toEqual([200, 200]);
    expect(reads()).toEqual([logMessages.webConfigFailed, logMessages.webConfigReadAgain]);
  });

  it.each(['server.pem', 'server.key'])('%s half written, then empty, then whole', async (file) => {
    writeHalf(file, file);
    expect(await askBoth()).toEqual([200, 'refused']);
    truncateSync(inFolder(file));
    expect(await askBoth()).toEqual([200, 'refused']);
    writeInPlace(file, file);
    expect(await askBoth()).toEqual([200, 200]);
  });
});

describe('as Kubernetes replaces the files of a secret, by one rename of a link to their folder,', () => {
  beforeEach(() => {
    for (const name of ['server', 'stranger']) {
      mkdirSync(inFolder(name));
      for (const kind of ['pem', 'key']) writeFileSync(inFolder(`${name}/tls.${kind}`), contentOf(`${name}.${kind}`));
    }
    symlinkSync('server', inFolder('..data'));
    for (const kind of ['pem', 'key']) symlinkSync(`..data/tls.${kind}`, inFolder(`tls.${kind}`));
  });

  const yaml = pair.replaceAll('server.', 'tls.');

  it('no connection is refused, and the next one meets the new pair', async () => {
    port = await tls.serveWith(tls.configure(yaml));
    expect(await getStatus(port)).toBe(200);
    expect(await askBoth()).toEqual([200, 200]);
    swap('stranger');
    expect(await askBoth()).toEqual([200, 200]);
    await expect(getStatus(port)).rejects.toThrow();
    expect(reads()).toEqual([]);
  });

  it('a reading that took the certificate before and the key after it is done again, and given up while that goes on', () => {
    const files = ['tls.pem', 'tls.key'].map(inFolder);
    let swaps = 0;
    const readAcross = (times: number) => () => {
      const certificate = readFileSync(inFolder('tls.pem'), 'utf8');
      if (swaps < times) swap(swaps++ % 2 ? 'server' : 'stranger');
      createSecureContext({ cert: certificate, key: readFileSync(inFolder('tls.key')) });
      return certificate;
    };
    expect(readWhole(files, readAcross(1)).value).toBe(String(contentOf('stranger.pem')));
    expect(() => readWhole(files, readAcross(99))).toThrow('key values mismatch');
  });
});

function swap(name: string): void {
  symlinkSync(name, inFolder('..data_tmp'));
  renameSync(inFolder('..data_tmp'), inFolder('..data'));
}

it('a connection that was there before the pair was cut off goes on with its handshake', async () => {
  port = await tls.serveWith(tls.configure(pair));
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // The server accepts connections in their order.
  expect(await getStatus(port)).toBe(200);
  truncateSync(inFolder('server.key'));
  await expect(getStatus(port)).rejects.toThrow();
  const createConnection = () => tlsConnect({ socket, ...isTrusted });
  expect(await getStatus(port, { agent: undefined, createConnection })).toBe(200);
});

it('the reason for which no client is let in is logged once, though no request comes in', async () => {
  port = await tls.serveWith(tls.configure(pair));
  truncateSync(inFolder('server.key'));
  for (const _time of [1, 2, 3]) await expect(getStatus(port)).rejects.toThrow();
  expect(reads()).toEqual([logMessages.webConfigFailed]);
});
