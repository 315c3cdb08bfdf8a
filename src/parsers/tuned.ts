import { settingName } from '../identity/setting-name.ts';

/** A profile of tuned(8): tuned.conf(5). */
export interface TunedProfile {
  /** What its section [sysctl] sets, as `settingName` has it. */
  readonly settings: readonly string[];
  /** Profiles that it builds on. */
  readonly includes: readonly string[];
}

export function parseTunedProfile(text: string): TunedProfile {
  let section = '';
  const [settings, includes]: [string[], string[]] = [[], []];
  for (const line of text.split('\n').map((one) => one.trim())) {
    section = /^\[(.+)\]$/.exec(line)?.[1] ?? section;
    const [, name = '', value = ''] = /^([\w./@-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (section === 'sysctl' && name.includes('.')) settings.push(settingName(name));
    if (section === 'main' && name === 'include') includes.push(...value.split(/[\s,;]+/).filter((one) => one !== ''));
  }
  return { settings, includes };
}

/** Whether tuned applies the files of sysctl again after its profile: tuned-main.conf(5), on by default. */
export function parseTunedMain(text: string): { readonly reappliesSysctl: boolean } {
  const [, value = '1'] = /^\s*reapply_sysctl\s*=\s*(\S+)/m.exec(text) ?? [];
  return { reappliesSysctl: !/^(0|no|false|off|n)$/i.test(value) };
}
