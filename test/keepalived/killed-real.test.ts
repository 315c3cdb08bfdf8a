import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepalived } from '../../src/collectors/keepalived/keepalived.ts';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { render } from '../../src/http/exposition.ts';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import { createWire, neededByDirectors, oneInstance, startKeepalived } from './directors.ts';

describe('keepalived.collect() of a real keepalived that was killed with its children', neededByDirectors, () => {
  it('reports that keepalived is not running and left its addresses', async () => {
    const wire = createWire();
    const folder = join(wire.folder, 'only');
    const director = startKeepalived(wire.names[0], folder, oneInstance, 'export TMPDIR="$PWD"');
    const reader = createKeepalivedReader({ procfs: '/proc', networkNamespace: director.namespace });
    const home = createLinuxHost({ procfs: '/proc', keepalived: reader });
    const host = { ...home, addresses: home.enter(director.namespace).addresses };
    const observe = async () => {
      const text = await render(await keepalived.collect(host), 'text');
      return text.split('\n').filter((line) => /^keepalived_(up|vrrp_address_bound|vrrp_state.*"master")/.test(line));
    };
    const labels = 'instance_name="VI_1",interface="eth0",vrid="11",family="ipv4"';
    const lines = (up: number, master: number) => [
      `keepalived_up ${up}`,
      `keepalived_vrrp_state{${labels},state="master"} ${master}`,
      `keepalived_vrrp_address_bound{${labels},address="10.9.0.11"} 1`,
    ];
    try {
      await expect
        .poll(() =>
          reader
            .requestDumps()
            .then(observe)
            .catch(() => []),
        )
        .toEqual(lines(1, 1));
      // Stopped first: none of them can act on the death of the other.
      const pids = [director.pid, director.vrrpPid()];
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await expect.poll(observe).toEqual(lines(0, 0));
    } finally {
      await director.end('SIGKILL');
      wire.remove();
    }
  });
});
