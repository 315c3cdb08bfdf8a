import { ParseError } from '../parse-error.ts';
import { type Block, readBlocks } from './dump.ts';
import { createLayout } from './layout.ts';
import { type Attempt, createSkipped, type Skipped } from './skipped.ts';
import { instanceKeys, readInstance, readState } from './vrrp/vrrp-block.ts';
import { type FaultCauses, groupTrackerKeys, readFaultCauses } from './vrrp/vrrp-fault.ts';
import type { TrackedProcess, VrrpInstance, VrrpState } from './vrrp/vrrp-instance.ts';
import {
  processKeys,
  readScript,
  readTrackedBfd,
  readTrackedFile,
  readTrackedProcess,
  scriptKeys,
  type TrackedBfd,
  type TrackedFile,
  type VrrpScript,
} from './vrrp/vrrp-trackers.ts';

/** Content of keepalived.data on VRRP. */
export interface KeepalivedData {
  /** Whether a keepalived before 2.0 wrote it. */
  readonly isBefore2: boolean;
  /** Without counters, which are in keepalived.stats. */
  readonly instances: readonly VrrpInstance[];
  /** By the name of the instance. */
  readonly faults: ReadonlyMap<string, FaultCauses>;
  readonly syncGroups: readonly VrrpSyncGroup[];
  readonly scripts: readonly VrrpScript[];
  readonly trackedFiles: readonly TrackedFile[];
  readonly trackedProcesses: readonly TrackedProcess[];
  readonly bfds: readonly TrackedBfd[];
  readonly skipped: Skipped;
}

export interface VrrpSyncGroup {
  readonly name: string;
  /** Undefined if the dump lacks it. */
  readonly state: VrrpState | undefined;
}

export const dataLayout = createLayout({
  'VRRP Instance': { keys: instanceKeys, once: ['VRRP Version', 'State'], flush: ['VRRP Version'] },
  'VRRP Sync Group': { keys: ['monitor', ...groupTrackerKeys] },
  'VRRP Script': { keys: scriptKeys, once: ['Status'], within: 'VRRP Instance' },
  'VRRP Track file': { keys: ['Status'], once: ['Status'] },
  'Track file': { keys: ['Status'], once: ['Status'] },
  'VRRP Track process': { keys: processKeys, once: ['Current processes'] },
  'VRRP Track BFD': { keys: ['Bfd'], once: ['Bfd'] },
});

/** What keepalived before 1.3 prints in place of the name of a script. Its other fields are chance. */
const nullPointer = '(null)';

/**
 * Parses keepalived.data, as `dump_data_vrrp()` in keepalived/vrrp/vrrp_data.c writes it, and `vrrp_print_data()` in
 * keepalived/vrrp/vrrp_print.c did before keepalived 2.0. test/fixtures/keepalived has dumps from 1.2.19 to 2.4.3.
 *
 * What is malformed costs its own value.
 *
 * @throws ParseError where the text has no heading: it is no dump.
 */
export function parseKeepalivedData(text: string): KeepalivedData {
  const { attempt, summary } = createSkipped();
  const blocks = readBlocks(text, dataLayout);
  const read = <T>(readBlock: (block: Block, attempt: Attempt) => T, ...titles: readonly string[]) =>
    selectNamed(blocks, titles, attempt).map((block) => readBlock(block, attempt));
  const isBefore2 = !/------< (?:Global definitions|Interfaces) >------/.test(text);
  const instances = read(readInstance, 'VRRP Instance');
  return {
    isBefore2,
    instances,
    faults: readFaults(blocks),
    syncGroups: read((block) => readSyncGroup(block, isBefore2 ? instances : undefined, attempt), 'VRRP Sync Group'),
    scripts: read(readScript, 'VRRP Script').filter(({ name }) => name !== nullPointer),
    trackedFiles: read(readTrackedFile, 'VRRP Track file', 'Track file'),
    trackedProcesses: read(readTrackedProcess, 'VRRP Track process'),
    bfds: read(readTrackedBfd, 'VRRP Track BFD'),
    skipped: summary(),
  };
}

/**
 * The things with these titles. One without a name is lost. Of several with one name the last counts that has fields:
 * keepalived 1.x prints a script below each instance that tracks it.
 */
function selectNamed(blocks: readonly Block[], titles: readonly string[], attempt: Attempt): Block[] {
  const named = new Map<string, Block>();
  for (const block of blocks.filter(({ title }) => titles.includes(title))) {
    attempt(() => requireName(block));
    if (block.value !== '' && (block.fields.length > 0 || !named.has(block.value))) named.set(block.value, block);
  }
  return [...named.values()];
}

function readFaults(blocks: readonly Block[]): Map<string, FaultCauses> {
  const titled = (title: string) => blocks.filter((block) => block.title === title);
  const groups = titled('VRRP Sync Group');
  return new Map(titled('VRRP Instance').map((block) => [block.value, readFaultCauses(block, groups)]));
}

function requireName({ title, value, line }: Block): void {
  if (value === '') throw new ParseError(line, `expected the name of a ${title}, got nothing`);
}

/** `VG_1, MASTER` */
function readSyncGroup(
  block: Block,
  instancesBefore2: readonly VrrpInstance[] | undefined,
  attempt: Attempt,
): VrrpSyncGroup {
  const [, name = block.value, state = ''] = /^(.+), (.*)$/s.exec(block.value) ?? [];
  const read = attempt(() => readState({ value: state, line: block.line }));
  const members = block.fields.filter(({ key }) => key === 'monitor').map(({ value }) => value);
  return {
    name,
    state: instancesBefore2 && read === 'backup' ? findGroupState(instancesBefore2, members) : read,
  };
}

/**
 * Before keepalived 2.0 BACKUP stands for everything but MASTER. One member in fault takes the whole group there; else
 * the members report what the group is where they agree.
 */
function findGroupState(instances: readonly VrrpInstance[], members: readonly string[]): VrrpState | undefined {
  const states = new Set(members.map((member) => instances.find(({ name }) => name === member)?.state));
  if (states.has('fault')) return 'fault';
  return states.size === 1 ? [...states][0] : undefined;
}
