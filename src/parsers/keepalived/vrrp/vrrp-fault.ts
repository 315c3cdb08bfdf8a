import { type Block, findField, type Item } from '../dump.ts';

/** What takes an instance to FAULT, as far as the data show. */
export interface FaultCauses {
  /** Its sync group: one member in FAULT takes the others there. */
  readonly group: string | undefined;
  /**
   * Names of what it tracks without a weight, or what its sync group does: it takes the instance to FAULT where it fails.
   * What has a weight changes the priority.
   */
  readonly trackers: FaultTrackers;
  readonly faults: readonly InstanceFault[];
}

export interface FaultTrackers {
  readonly script: readonly string[];
  readonly file: readonly string[];
  readonly process: readonly string[];
  readonly bfd: readonly string[];
}

/** What is wrong with an instance itself. Those of its interface are known from keepalived 2.3.4 on. */
export type InstanceFault =
  | 'interface_down'
  | 'base_interface_down'
  | 'duplicate_vrid'
  | 'no_source_address'
  | 'configuration';

export const trackerKeys = ['Tracked scripts', 'Tracked files', 'Tracked processes', 'Tracked BFDs'] as const;
export const faultKeys = ['Sync group', 'Number of config faults', 'Flags of interface faults'] as const;
/** Of a sync group, which has the singular. */
export const groupTrackerKeys = [...trackerKeys, 'Tracked process'] as const;

/**
 * Reads them of an instance as `dump_vrrp()` in keepalived/vrrp/vrrp_data.c writes it, and of all sync groups.
 */
export function readFaultCauses(block: Block, groups: readonly Block[]): FaultCauses {
  const name = findField(block, 'Sync group')?.value;
  const group = groups.find(({ value }) => name !== undefined && value.startsWith(`${name}, `));
  const misconfigured = findField(block, 'Number of config faults')?.value ?? '0';
  const ofInterface = (findField(block, 'Flags of interface faults')?.items ?? []).flatMap(
    ({ text }) => interfaceFaults.get(text) ?? [],
  );
  return {
    group: name,
    trackers: {
      script: listWithoutWeight([block, group], 'Tracked scripts'),
      file: listWithoutWeight([block, group], 'Tracked files'),
      process: listWithoutWeight([block, group], 'Tracked processes', 'Tracked process'),
      bfd: listWithoutWeight([block, group], 'Tracked BFDs'),
    },
    faults: [...new Set([...ofInterface, ...(misconfigured === '0' ? [] : (['configuration'] as const))])],
  };
}

function listWithoutWeight(blocks: readonly (Block | undefined)[], ...keys: readonly string[]): string[] {
  const items = blocks.flatMap((block) => (block && findField(block, ...keys)?.items) ?? []);
  return [...new Set(items.flatMap(readWithoutWeight))];
}

/** `chk weight 0`, `file, weight 0`, `neighbour: weight 0`; the name may hold blanks. */
function readWithoutWeight({ text }: Item): string[] {
  const [, name] = /^(.+?)[,:]? weight 0$/.exec(text) ?? [];
  return name === undefined ? [] : [name];
}

/** `unspecified` stands for what is tracked. */
const interfaceFaults: ReadonlyMap<string, InstanceFault> = new Map([
  ['i/f down', 'interface_down'],
  ['base i/f down', 'base_interface_down'],
  ['duplicate VRID', 'duplicate_vrid'],
  ['no source IP address', 'no_source_address'],
  ['config error', 'configuration'],
]);
