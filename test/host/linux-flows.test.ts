import { describe, expect, it } from 'vitest';
import { readFlows } from '../../src/host/linux-flows.ts';
import { ParseError } from '../../src/parsers/parse-error.ts';
import { systemError } from '../machine.ts';

/** Netlink is refused with ENOENT where there is no such namespace, for every user. */
const namespace = '/run/netns/lvs-exporter-none';
const flow =
  'ipv4     2 udp      17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 mark=0 use=1\n';

function read(openProcfs: () => AsyncIterable<string>, visit: () => void = () => undefined) {
  return readFlows({ namespace, openProcfs }, visit);
}

async function* chunks(...texts: string[]) {
  yield* texts;
}

/** The file cannot be opened. */
async function* rejecting(code: string): AsyncGenerator<string> {
  yield await Promise.reject<string>(systemError(code, 'injected'));
}

describe('readFlows() where netlink is refused', () => {
  it('reads /proc/net/nf_conntrack', async () => {
    expect(await read(() => chunks(flow))).toMatchObject({ source: 'procfs', entries: 1 });
  });

  it('names the file, the line and the refusal when the file is malformed', async () => {
    const error = await read(() => chunks(flow, 'ipv4     2 udp\n')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ParseError);
    expect(error).toMatchObject({ file: '/proc/net/nf_conntrack', line: 2, cause: { code: 'ENOENT' } });
    expect(String(error)).toMatch('netlink is refused (ENOENT');
  });

  it('names them when the file cannot be read to its end', async () => {
    const error = await read(() => rejecting('EIO')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'EIO', cause: { code: 'EIO' } });
    expect(String(error)).toMatch(/\/proc\/net\/nf_conntrack: EIO.*netlink is refused \(ENOENT/);
  });

  it('is absent where neither is there', async () => {
    await expect(read(() => rejecting('ENOENT'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lacks a privilege where the file is not readable', async () => {
    await expect(read(() => rejecting('EACCES'))).rejects.toMatchObject({ code: 'EPERM' });
  });

  it('leaves a bug what it is', async () => {
    const bug = new TypeError('x is not a function');
    const visit = () => {
      throw bug;
    };
    await expect(read(() => chunks(flow), visit)).rejects.toBe(bug);
  });
});
