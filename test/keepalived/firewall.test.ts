import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { needs } from '../needs.ts';
import { createWire, type Director, startKeepalived, type Wire } from './directors.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const run = promisify(execFile);

const configure = (priority: number) => `vrrp_instance VI_web {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  version 3
  advert_int 0.2
  virtual_ipaddress {
    10.9.0.100/24
  }
}
`;

/** A host firewall with an allow list, as many have. */
const rules = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iifname "lo" accept
    tcp dport 22 accept
  }
}
`;

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly remedies: readonly {
    readonly id: string;
    readonly commands: readonly string[];
    readonly undo: readonly string[];
  }[];
}

let wire: Wire;
let directors: Director[] = [];

/** What diagnose finds of VRRP on the second director. */
async function diagnose(): Promise<Found[]> {
  const words = ['netns', 'exec', wire.names[1], process.execPath, main, 'diagnose', '--json', '--duration=1s'];
  const { stdout } = await run('ip', words).catch((error: { stdout: string }) => error);
  const { findings }: { findings: readonly Found[] } = JSON.parse(stdout);
  return findings.filter(({ id }) => id.startsWith('keepalived-'));
}

const inSecond = (command: string) =>
  execFileSync('ip', ['netns', 'exec', wire.names[1], 'sh', '-c', command], { encoding: 'utf8' });
const isMaster = () => inSecond('ip -4 address show dev eth0').includes('10.9.0.100');
const becomes = (state: boolean) =>
  vi.waitFor(() => expect(isMaster()).toBe(state), { timeout: 300_000, interval: 200 });

const needed = needs(
  ...(['keepalived', 'ip', 'unshare', 'nft', 'root', 'network namespaces', 'mount namespaces', 'nf_tables'] as const),
);

describe('a firewall that drops VRRP between real directors', needed, () => {
  beforeAll(async () => {
    wire = createWire();
    execFileSync('ip', ['netns', 'exec', wire.names[1], 'nft', '-f', '-'], { input: rules });
    directors = [150, 100].map((priority, index) =>
      startKeepalived(
        wire.names[index] ?? '',
        join(wire.folder, `${index}`),
        configure(priority),
        'mount --bind . /tmp && cd /tmp',
      ),
    );
    await becomes(true);
  });

  afterAll(async () => {
    await Promise.all(directors.map((one) => one.end('SIGKILL')));
    wire.remove();
  });

  it("is found on the director that hears no other, and 'accept-vrrp' ends it", async () => {
    const blocked = (await diagnose()).find(({ id }) => id === 'keepalived-advertisements-blocked');
    expect(blocked?.severity).toBe('critical');
    const accept = blocked?.remedies.find(({ id }) => id === 'accept-vrrp');
    for (const command of accept?.commands ?? []) inSecond(command);
    await becomes(false);
    expect((await diagnose()).map(({ id }) => id)).toEqual([]);
    for (const command of accept?.undo ?? []) inSecond(command);
    await becomes(true);
  });
});
