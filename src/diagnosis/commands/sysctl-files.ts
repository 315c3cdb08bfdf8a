import { prerequisitesSettingFileInfo } from '../../collectors/prerequisites/metrics.ts';
import { settingName } from '../../identity/setting-name.ts';
import type { Readings } from '../../readings/readings.ts';
import { type FileLines, mapSome, type Some } from '../remedy.ts';

interface NewValue {
  readonly setting: string;
  readonly to: number;
}

const ownFile = '/etc/sysctl.d/90-lvs-exporter.conf';

/** A file that sets the same and is applied after ours would undo it: it is the one to change. */
export function linesByFile(readings: Readings, changes: Some<NewValue>): Some<FileLines> {
  const [first, ...others] = mapSome(changes, ({ setting, to }) => ({
    ...fileOf(readings, setting),
    line: `${setting} = ${to}`,
  }));
  const files = [...new Set([first, ...others].map(({ file }) => file))];
  const linesOf = (file: string) => [first, ...others].filter((one) => one.file === file);
  return mapSome([first.file, ...files.filter((file) => file !== first.file)], (file) => {
    const [one = first, ...more] = linesOf(file);
    const { line, ...target } = one;
    return { ...target, lines: [line, ...more.map((other) => other.line)] };
  });
}

function fileOf(readings: Readings, setting: string): Omit<FileLines, 'lines'> {
  const [last] = readings.all(prerequisitesSettingFileInfo, { setting: settingName(setting) });
  const { file = '', manager = '' } = last?.labels ?? {};
  return isAfterOurs(file) ? { file, replaces: true, ...(manager !== '' && { manager }) } : { file: ownFile };
}

/** /etc/sysctl.conf and that of ufw are applied last. */
function isAfterOurs(file: string): boolean {
  if (file === '') return false;
  return !file.includes('/sysctl.d/') || baseNameOf(file) > baseNameOf(ownFile);
}

function baseNameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
