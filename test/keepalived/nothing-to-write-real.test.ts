import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWire, neededByDirectors, startKeepalived, type Wire } from './directors.ts';
import { readRealDirector } from './real-reader.ts';

const bfd = `bfd_instance upstream {
  neighbor_ip 10.9.0.2
  source_ip 10.9.0.1
}
`;
const script = `vrrp_script always {
  script "/bin/true"
}
`;
const address = `static_ipaddress {
  10.9.0.77/32 dev eth0
}
`;

describe(
  'createKeepalivedReader() of real keepaliveds of which a process has nothing to write',
  neededByDirectors,
  () => {
    let wire: Wire;

    beforeAll(() => {
      wire = createWire();
    });

    afterAll(() => wire.remove());

    it.each([
      ['BFD alone, started for VRRP', bfd, '--vrrp', ['bfd'], []],
      ['BFD alone', bfd, '', ['bfd'], []],
      ['a script that no instance tracks', script, '--vrrp', [], []],
      ['an address that is always there', address, '--vrrp', ['vrrp'], ['data']],
      ['nothing', 'global_defs {\n}\n', '', [], []],
    ])('asks without an error: %s', async (what, configuration, options, kinds, dumps) => {
      const folder = join(wire.folder, what.replaceAll(/\W/g, '-'));
      const director = startKeepalived(wire.names[0], folder, configuration, 'export TMPDIR="$PWD"', options);
      const { ask } = readRealDirector(director, folder);
      const observe = async () => {
        const { running, processes, dumps } = await ask();
        return { running, kinds: processes?.map(({ process }) => process), dumps: Object.keys(dumps) };
      };
      try {
        await expect.poll(observe).toEqual({ running: true, kinds, dumps });
        expect(await observe()).toEqual({ running: true, kinds, dumps });
      } finally {
        await director.end('SIGKILL');
      }
    });
  },
);
