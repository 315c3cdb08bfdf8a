import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWire, type Director, ip, neededByDirectors, startKeepalived, type Wire } from './directors.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const run = promisify(execFile);

/** One peer that is on the wire, and one that is in a network without a route. */
const peers = ['10.9.0.9', '192.0.2.9'];

const configuration = `vrrp_instance VI_web {
  interface eth0
  virtual_router_id 51
  priority 100
  version 3
  advert_int 0.2
  unicast_src_ip 10.9.0.1
  unicast_peer {
    ${peers.join('\n    ')}
  }
  virtual_ipaddress {
    10.9.0.100/24
  }
}
`;

interface Found {
  readonly id: string;
  readonly evidence: readonly string[];
  readonly remedies: readonly { readonly id: string; readonly commands: readonly string[] }[];
}

let wire: Wire;
let director: Director;

async function findUnreachable(): Promise<Found | undefined> {
  const words = ['netns', 'exec', wire.names[0], process.execPath, main, 'diagnose', '--json', '--duration=1s'];
  const { stdout } = await run('ip', words).catch((error: { stdout: string }) => error);
  const { findings }: { findings: readonly Found[] } = JSON.parse(stdout);
  return findings.find(({ id }) => id === 'keepalived-peer-unreachable');
}

const namedIn = (found: Found | undefined) => peers.filter((peer) => found?.evidence.join().includes(peer));

describe('unicast peers of a real master', neededByDirectors, () => {
  beforeAll(() => {
    wire = createWire();
    const folder = join(wire.folder, 'first');
    director = startKeepalived(wire.names[0], folder, configuration, 'mount --bind . /tmp && cd /tmp');
  });

  afterAll(async () => {
    await director.end('SIGKILL');
    wire.remove();
  });

  it('that do not answer are named, and no longer once they do', async () => {
    await expect.poll(async () => namedIn(await findUnreachable())).toEqual(peers);
    const remedies = (await findUnreachable())?.remedies ?? [];
    const [command = ''] = remedies.find(({ id }) => id === 'look-at-peers')?.commands ?? [];
    const shown = execFileSync('ip', ['netns', 'exec', wire.names[0], 'sh', '-c', command], { encoding: 'utf8' });
    expect(shown).toMatch(/^10\.9\.0\.9 dev eth0 .*(FAILED|INCOMPLETE)/);
    ip('-n', wire.names[1], 'address', 'add', '10.9.0.9/24', 'dev', 'eth0');
    ip('-n', wire.names[0], 'route', 'add', '192.0.2.0/24', 'via', '10.9.0.9');
    await expect.poll(async () => namedIn(await findUnreachable())).toEqual([]);
  });
});
