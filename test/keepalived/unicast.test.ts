import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWire, type Director, ip, neededByDirectors, startKeepalived, type Wire } from './directors.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const run = promisify(execFile);

/** Of each family one peer that is on the wire, and one that is in a network without a route. */
const peers = ['10.9.0.9', '192.0.2.9', 'fd00:9::9', '2001:db8::9'];

const configure = (name: string, source: string, address: string, of: readonly string[]) => `vrrp_instance ${name} {
  interface eth0
  virtual_router_id 51
  priority 100
  version 3
  advert_int 0.2
  unicast_src_ip ${source}
  unicast_peer {
    ${of.join('\n    ')}
  }
  virtual_ipaddress {
    ${address}
  }
}
`;
const configuration =
  configure('VI_web', '10.9.0.1', '10.9.0.100/24', peers.slice(0, 2)) +
  configure('VI_web6', 'fd00:9::1', 'fd00:9::100/64', peers.slice(2));

interface Found {
  readonly id: string;
  readonly evidence: readonly string[];
  readonly remedies: readonly { readonly id: string; readonly commands: readonly string[] }[];
}

let wire: Wire;
let director: Director;

async function findUnreachable(): Promise<readonly Found[]> {
  const words = ['netns', 'exec', wire.names[0], process.execPath, main, 'diagnose', '--json', '--duration=1s'];
  const { stdout } = await run('ip', words).catch((error: { stdout: string }) => error);
  const { findings }: { findings: readonly Found[] } = JSON.parse(stdout);
  return findings.filter(({ id }) => id === 'keepalived-peer-unreachable');
}

const namedIn = (found: readonly Found[]) =>
  peers.filter((peer) => found.some(({ evidence }) => evidence.some((line) => line.startsWith(`${peer} `))));

describe('unicast peers of a real master', neededByDirectors, () => {
  beforeAll(() => {
    wire = createWire();
    ip('-n', wire.names[0], 'address', 'add', 'fd00:9::1/64', 'dev', 'eth0', 'nodad');
    // A second interface on which the first peer answers: advertisements do not leave through it.
    ip('-n', wire.names[0], 'link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth1', 'netns', wire.names[1]);
    for (const name of wire.names) ip('-n', name, 'link', 'set', 'eth1', 'up');
    const answering = ['lladdr', '02:00:00:00:00:09', 'dev', 'eth1', 'nud', 'reachable'];
    ip('-n', wire.names[0], 'neighbour', 'add', '10.9.0.9', ...answering);
    const folder = join(wire.folder, 'first');
    director = startKeepalived(wire.names[0], folder, configuration, 'mount --bind . /tmp && cd /tmp');
  });

  afterAll(async () => {
    await director.end('SIGKILL');
    wire.remove();
  });

  it('that do not answer are named, and no longer once they do', async () => {
    await expect.poll(async () => namedIn(await findUnreachable())).toEqual(peers);
    const remedies = (await findUnreachable())[0]?.remedies ?? [];
    const [command = ''] = remedies.find(({ id }) => id === 'look-at-peers')?.commands ?? [];
    const shown = execFileSync('ip', ['netns', 'exec', wire.names[0], 'sh', '-c', command], { encoding: 'utf8' });
    expect(shown).toMatch(/^10\.9\.0\.9 dev eth0 .*(FAILED|INCOMPLETE)/m);
    ip('-n', wire.names[1], 'address', 'add', '10.9.0.9/24', 'dev', 'eth0');
    ip('-n', wire.names[1], 'address', 'add', 'fd00:9::9/64', 'dev', 'eth0', 'nodad');
    ip('-n', wire.names[0], 'route', 'add', '192.0.2.0/24', 'via', '10.9.0.9');
    ip('-n', wire.names[0], 'route', 'add', '2001:db8::/64', 'via', 'fd00:9::9', 'dev', 'eth0');
    await expect.poll(async () => namedIn(await findUnreachable())).toEqual([]);
  });
});
