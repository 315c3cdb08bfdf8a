import { readFile } from 'node:fs/promises';
import { seccompFile } from '../needed-conditions.ts';

interface SeccompRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args?: readonly unknown[] | null;
  readonly errnoRet?: number;
  readonly includes?: SeccompCondition;
  readonly excludes?: SeccompCondition;
}

interface SeccompCondition {
  readonly caps?: readonly string[];
  readonly arches?: readonly string[];
}

/** The profile that engines share, with its conditions resolved, as the runtime wants it. */
export async function readSeccomp(capabilities: readonly string[]): Promise<unknown> {
  const { defaultAction, defaultErrnoRet, archMap, syscalls } = JSON.parse(await readFile(seccompFile, 'utf8'));
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const holds = ({ caps = [], arches = [] }: SeccompCondition) =>
    caps.every((one) => capabilities.includes(one)) && (arches.length === 0 || arches.includes(architecture));
  const meets = ({ caps = [], arches = [] }: SeccompCondition) =>
    caps.some((one) => capabilities.includes(one)) || arches.includes(architecture);
  const rules = (syscalls as SeccompRule[]).filter(
    ({ includes = {}, excludes = {} }) => holds(includes) && !meets(excludes),
  );
  const wanted = architecture === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
  const own = archMap.find((one: { architecture: string }) => one.architecture === wanted);
  return {
    defaultAction,
    defaultErrnoRet,
    architectures: [wanted, ...own.subArchitectures],
    syscalls: rules.map(({ names, action, args, errnoRet }) => ({
      names,
      action,
      ...(args && args.length > 0 && { args }),
      ...(errnoRet !== undefined && { errnoRet }),
    })),
  };
}
