import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFirewall } from '../../src/host/linux-firewall.ts';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import { createLog } from '../../src/log/log.ts';
import { record } from '../../src/recording/record.ts';
import { betweenSeconds, createIncidentCollectors, ownNetworks } from './collectors.ts';
import { pack } from './packed.ts';

/** Records the network namespace that it runs in: three readings, as `lvs-exporter diagnose` takes them. */
const [target = ''] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-incident-'));
const procfs = '/proc';
const host = createLinuxHost({
  procfs,
  keepalived: createKeepalivedReader({ procfs, lastDumpsDirectory: join(folder, 'none') }),
});

const firewallBefore = await readFirewall();
await record({
  host,
  collectors: [...createIncidentCollectors(), ownNetworks],
  directory: join(folder, 'recording'),
  intervalSeconds: betweenSeconds,
  durationSeconds: 2 * betweenSeconds + 1,
  version: 'incidents',
  // Its addresses are made up, and those of the host itself must agree with those of its flows.
  anonymize: (_, text) => text,
  log: createLog({ level: 'error', format: 'json', write: (line) => process.stderr.write(line) }),
  signal: new AbortController().signal,
});

await pack(join(folder, 'recording'), [firewallBefore, await readFirewall()], target);
await rm(folder, { recursive: true });
