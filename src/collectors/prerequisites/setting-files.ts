import { hasCode } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { parseSysctlConf, type SysctlConf } from '../../parsers/sysctl-conf.ts';
import { parseTunedMain, parseTunedProfile } from '../../parsers/tuned.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { prerequisitesSettingFileInfo } from './metrics.ts';

/** Where systemd-sysctl and `sysctl --system` read. Of files with one name, that in the first folder counts. */
const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

const ufw = { settings: '/etc/ufw/sysctl.conf', isOn: '/etc/ufw/ufw.conf' };

/** The file that sets each setting of the network last, so that it wins over all others. */
export async function sampleSettingFiles(host: Host): Promise<Sample[]> {
  const winners = new Map<string, Sample['labels']>();
  for (const file of await listFiles(host)) {
    const { settings, manager } = await readConf(host, file);
    const own = settings.filter((setting) => setting.startsWith('net.'));
    for (const setting of own) winners.set(setting, { setting, file, manager });
  }
  for (const { setting, file } of await listTuned(host)) winners.set(setting, { setting, file, manager: 'tuned' });
  return [...winners.values()].map((labels) => sample(prerequisitesSettingFileInfo, 1, labels));
}

/** In the order in which they are applied. ufw applies its own when it starts, after the others. */
async function listFiles(host: Host): Promise<string[]> {
  const byName = new Map<string, string>();
  for (const folder of folders) {
    const names = (await ifReadable(host.listDirectory(folder))) ?? [];
    for (const name of names.filter((one) => one.endsWith('.conf') && !byName.has(one))) {
      byName.set(name, `${folder}/${name}`);
    }
  }
  const sorted = [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, file]) => file);
  return [...sorted, '/etc/sysctl.conf', ...((await isUfwOn(host)) ? [ufw.settings] : [])];
}

/** ufw has no process: it loads its rules and settings and ends. */
export async function isUfwOn(host: Host): Promise<boolean> {
  return /^ENABLED=["']?yes/im.test((await ifReadable(host.readFile(ufw.isOn))) ?? '');
}

async function readConf(host: Host, file: string): Promise<SysctlConf> {
  return parseSysctlConf((await ifReadable(host.readFile(file))) ?? '', file.slice(file.lastIndexOf('/') + 1));
}

const tunedFolders = ['/etc/tuned', '/etc/tuned/profiles', '/usr/lib/tuned', '/usr/lib/tuned/profiles'];

/**
 * What the active profile of tuned sets. By default tuned applies /etc/sysctl.d and /run/sysctl.d again after its own, so
 * that a file there wins; with `reapply_sysctl = 0` its profile does.
 */
async function listTuned(host: Host): Promise<{ readonly setting: string; readonly file: string }[]> {
  const active = ((await ifReadable(host.readFile('/etc/tuned/active_profile'))) ?? '').trim();
  const main = (await ifReadable(host.readFile('/etc/tuned/tuned-main.conf'))) ?? '';
  if (active === '' || parseTunedMain(main).reappliesSysctl) return [];
  const profiles = await Promise.all(active.split(/\s+/).map((name) => readProfile(host, name, maxParents)));
  return profiles.flat().filter(({ setting }) => setting.startsWith('net.'));
}

/** A profile may include others, which it overrides. */
const maxParents = 5;

async function readProfile(
  host: Host,
  name: string,
  parents: number,
): Promise<{ readonly setting: string; readonly file: string }[]> {
  if (!/^[\w.-]+$/.test(name)) return [];
  for (const folder of tunedFolders) {
    const file = `${folder}/${name}/tuned.conf`;
    const text = await ifReadable(host.readFile(file));
    if (text === undefined) continue;
    const { settings, includes } = parseTunedProfile(text);
    const included = await Promise.all(
      parents === 0 ? [] : includes.map((parent) => readProfile(host, parent, parents - 1)),
    );
    return [...included.flat(), ...settings.map((setting) => ({ setting, file }))];
  }
  return [];
}

/** A file that is missing, or not for this user, sets nothing that can be known. */
async function ifReadable<Content>(reading: Promise<Content>): Promise<Content | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EINVAL')) return undefined;
    throw error;
  }
}
