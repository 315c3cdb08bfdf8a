import { lstat, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../../host/errors.ts';
import type { ProcessKind } from '../../host/host.ts';
import { readTrustedFile, type Trust } from '../../host/trusted-file.ts';

/** The configuration of a keepalived, as far as it could be read. */
export interface ConfigurationText {
  readonly text: string;
  /** Whether that is all of it: every file could be read, and there are no lines for some machines alone. */
  readonly isComplete: boolean;
  /** Another one after each change of a file. */
  readonly writing: string;
  /** When a file last changed, in Unix seconds. */
  readonly changedSeconds: number;
}

const maxFileBytes = 16 * 1024 * 1024;
const maxFiles = 500;

/**
 * Reads a configuration with the files that it includes. `root` is how this process sees the root of keepalived's file
 * system. Only files of keepalived's user, or root, are read.
 */
export async function readConfigurationText(root: string, path: string, user: number): Promise<ConfigurationText> {
  const trust = { owners: [user, 0], maxBytes: maxFileBytes };
  const files: ConfigurationFile[] = [];
  let isComplete = true;
  const waiting = [path];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const found = files.length < maxFiles ? await readMatching(root, next, trust) : undefined;
    if (!found) isComplete = false;
    for (const file of found ?? []) {
      files.push(file);
      waiting.push(...file.includes);
    }
  }
  const text = files.map((file) => file.text).join('\n');
  return {
    text,
    isComplete: isComplete && !/^\s*@/m.test(text),
    writing: files.map(({ writing }) => writing).join(' '),
    changedSeconds: Math.max(0, ...files.map(({ changedSeconds }) => changedSeconds)),
  };
}

interface ConfigurationFile extends Pick<ConfigurationText, 'text' | 'writing' | 'changedSeconds'> {
  readonly includes: readonly string[];
}

/** Reads the files that a path with wildcards stands for. Undefined where one of them cannot be read. */
async function readMatching(root: string, pattern: string, trust: Trust): Promise<ConfigurationFile[] | undefined> {
  try {
    const paths = await expand(root, pattern);
    return paths && (await Promise.all(paths.map((path) => readFile(root, path, trust))));
  } catch (error) {
    if (hasCode(error, 'EUNTRUSTED', 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ESRCH')) return undefined;
    throw error;
  }
}

async function readFile(root: string, path: string, trust: Trust): Promise<ConfigurationFile> {
  const text = await readTrustedFile(`${root}${path}`, trust);
  const { ino, size, mtimeMs, ctimeMs } = await lstat(`${root}${path}`);
  return {
    text,
    writing: `${ino}:${size}:${mtimeMs}`,
    changedSeconds: ctimeMs / 1000,
    includes: [...text.matchAll(/^[ \t]*include[a-z]*[ \t]+([^\s"]+|"[^"\n]*")/gm)].map(([, name = '']) =>
      resolveFrom(path, name.replaceAll('"', '')),
    ),
  };
}

/** keepalived works in the directory of the file that it reads. */
function resolveFrom(path: string, name: string): string {
  return name.startsWith('/') ? name : `${dirname(path)}/${name}`;
}

const isPattern = /[*?[{]/;

/** The files of a pattern: wildcards `*` and `?` in the last part of the path. Undefined for other patterns. */
async function expand(root: string, pattern: string): Promise<string[] | undefined> {
  const slash = pattern.lastIndexOf('/');
  const [directory, name] = [pattern.slice(0, slash), pattern.slice(slash + 1)];
  if (!isPattern.test(pattern)) return [pattern];
  if (isPattern.test(directory) || /[[{]/.test(name)) return undefined;
  const expression = name
    .replace(/[.+^$()|\\\]}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const names = await readdir(`${root}${directory}`);
  // glob() leaves out hidden files unless the pattern begins with a dot.
  const isMatch = (one: string) =>
    new RegExp(`^${expression}$`).test(one) && (!one.startsWith('.') || name.startsWith('.'));
  return names
    .filter(isMatch)
    .sort()
    .map((one) => `${directory}/${one}`);
}

/** The keywords that make keepalived start a process, from 2.0 on. Source: `have_vrrp_config` and its neighbours. */
const keywords: Readonly<Record<ProcessKind, RegExp>> = {
  vrrp: /^\s*(?:vrrp_instance|static_ipaddress|static_routes|static_rules)\b/m,
  checker: /^\s*virtual_server\s/m,
  bfd: /^\s*bfd_instance\s/m,
};

/** The processes that a configuration demands. */
export function findDemandedProcesses({ text }: ConfigurationText): Set<ProcessKind> {
  const kinds = Object.keys(keywords) as ProcessKind[];
  return new Set(kinds.filter((kind) => keywords[kind].test(text)));
}

/** The value of a keyword: `instance lvs`. Empty where it is not there. */
export function findWord(text: string, keyword: string): string {
  return new RegExp(`^[ \\t]*${keyword}[ \\t]+"?([^\\s"]+)`, 'm').exec(text)?.[1] ?? '';
}
