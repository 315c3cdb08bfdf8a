import { existsSync, writeFileSync } from 'node:fs';
import type { See } from '../lab/checks.ts';
import { ask, run } from './trial-machine.ts';
import { isActive, options, scrape } from './trial-unit.ts';

const ownOptions = 'ARGS="--log.level=debug"\n';

export async function upgrade(see: See): Promise<void> {
  writeFileSync(options, ownOptions);
  run('dpkg', '--install', '/mnt/later.deb');
  await see(
    'an upgrade restarts it',
    async () => /^lvs_exporter_build_info\{version="(.*?)"/m.exec(await scrape())?.[1] ?? 'Absent',
    (version) => version.endsWith('+later'),
    { withinSeconds: 60 },
  );
  await see(
    'the options stay',
    async () => run('cat', options),
    (text) => text === ownOptions.trim(),
  );
  run('systemctl', 'disable', '--now', 'lvs-exporter.service');
  run('dpkg', '--install', '/mnt/first.deb');
  await see(
    'what was disabled stays so',
    async () => [isActive(), isEnabled()],
    ([active, enabled]) => active === 'inactive' && enabled === 'disabled',
  );
  run('systemctl', 'enable', '--now', 'lvs-exporter.service');
  await see(
    'and is enabled again',
    async () => isActive(),
    (state) => state === 'active',
  );
}

export async function remove(see: See): Promise<void> {
  run('dpkg', '--remove', 'lvs-exporter');
  await see(
    'removing stops it',
    async () => [isActive(), listListeners()],
    ([active, listeners]) => active === 'inactive' && listeners === '',
  );
  await see(
    'the options stay until a purge',
    async () => existsSync(options),
    (exists) => exists,
  );
  run('dpkg', '--purge', 'lvs-exporter');
  await see(
    'a purge leaves nothing',
    async () => listLeftovers(),
    (leftovers) => leftovers === '',
  );
}

function isEnabled(): string {
  return ask('systemctl', 'is-enabled', 'lvs-exporter.service');
}

function listListeners(): string {
  return ask('ss', '--no-header', '--listening', '--tcp', 'sport = :10044');
}

/** Files, units and the user. */
function listLeftovers(): string {
  const files = run('find', '/etc', '/usr', '/var', '/home', '/root', '/srv', '-name', '*lvs-exporter*');
  const units = ask('systemctl', 'list-units', '--all', '--no-legend', 'lvs-exporter*');
  return [files, units, ask('getent', 'passwd', 'lvs-exporter'), ask('getent', 'group', 'lvs-exporter')].join('');
}
