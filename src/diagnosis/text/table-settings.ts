import { bytes, count, percent, time } from '../../readings/format.ts';
import type { LongTimer } from '../facts.ts';
import { inNamespaceOf } from './subject.ts';
import { noticeWhenFull, type Wording } from './words.ts';

type TableSettingFinding =
  | 'conntrack-chain-too-long'
  | 'conntrack-buckets-too-few'
  | 'table-larger-than-memory'
  | 'long-timeouts'
  | 'timers-without-entries';

/** How large connection tracking may become, and how long its entries stay. */
export const tableSettingWording: Wording<TableSettingFinding> = {
  'conntrack-chain-too-long': ({ numbers }) => ({
    title: 'The kernel refuses new connections: the hash chains of the connection tracking table are too long',
    notice: 'Users notice now: some new connections fail.',
    evidence: [
      describeChains(numbers),
      `${count(numbers.refusedFlows)} connections refused since the previous reading`,
    ],
    consequence: longChains,
  }),
  'conntrack-buckets-too-few': ({ numbers }) => ({
    title: 'The connection tracking table becomes slow before it is full: it has too few hash buckets for its limit',
    notice: 'Users notice when the table fills: every packet takes longer, and new connections may fail.',
    evidence: [describeChains(numbers)],
    consequence: longChains,
  }),
  'table-larger-than-memory': ({ numbers: { limitEntries, neededBytes, memoryBytes } }) => ({
    title: `A full connection tracking table would take ${percent(neededBytes / memoryBytes)} of the memory`,
    notice: 'Users notice when the table fills: the host runs out of memory.',
    evidence: [`${count(limitEntries)} entries take ${bytes(neededBytes)}; the machine has ${bytes(memoryBytes)}`],
    consequence:
      'The machine runs out of memory before the table reaches its limit. The kernel cannot swap the table out.',
  }),
  'long-timeouts': ({ details: { timers }, subject }) => ({
    title: `The connection tracking timeouts${inNamespaceOf(subject.namespace)} are longer than the kernel's defaults`,
    notice: noticeWhenFull,
    evidence: timers.map(describeTimer),
    consequence: 'Each entry stays in the table until its timeout ends: twice the timeout means twice the entries.',
  }),
  'timers-without-entries': ({ details: { timers }, subject }) => ({
    title: `Shortened connection tracking timeouts${inNamespaceOf(subject.namespace)} do not help: few entries use them`,
    notice: 'Users do not notice these settings.',
    evidence: timers.map(describeTimer),
    consequence:
      'Even with the default timeout, these entries would hold less than 5 % of the table. The finding about the table names what fills it.',
  }),
};

const longChains =
  'Long chains slow down every packet. Linux 5.15 and later refuses a connection whose chain is too long, even before the table is full.';

function describeChains({ limitEntries, presentBuckets }: { limitEntries: number; presentBuckets: number }): string {
  const length = (2 * limitEntries) / presentBuckets;
  return `Limit: ${count(limitEntries)} entries; buckets: ${count(presentBuckets)}; average chain when full: ${count(length)} (each entry is in two chains)`;
}

function describeTimer({ setting, presentSeconds, defaultSeconds }: LongTimer): string {
  return `${setting} is ${time(presentSeconds)}, by default ${time(defaultSeconds)}`;
}
