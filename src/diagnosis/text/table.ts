import { verdictKinds } from '../../flows/classification/verdict-kinds.ts';
import { nameDestination } from '../../readings/destinations.ts';
import { count, percent, time } from '../../readings/format.ts';
import { nameOwner } from '../../readings/port-owner.ts';
import type { Culprit, DominantState, TableFacts } from '../facts.ts';
import type { Found, Subject } from '../finding.ts';
import { formatRise } from './rates.ts';
import { describeOwner, inNamespaceOf, nameWithOwner } from './subject.ts';
import type { Wording, Words } from './words.ts';

type TableFinding =
  | 'conntrack-table-dropping'
  | 'conntrack-table-evicting'
  | 'conntrack-table-nearly-full'
  | 'conntrack-table-full-soon'
  | 'conntrack-equilibrium-high';

/** A connection tracking table that is full, or will be. */
export const tableWording: Wording<TableFinding> = {
  'conntrack-table-dropping': (found) =>
    describe(found, {
      title: (whose) => `New connections through this host fail: the connection tracking table${whose} is full`,
      notice: 'Users notice now: new connections through this host fail.',
      consequence:
        'New connections through this host fail, of every service. Established ones continue. The table has one entry for each connection that passes.',
    }),
  'conntrack-table-evicting': (found) =>
    describe(found, {
      title: (whose) =>
        `Connections through this host are lost: the connection tracking table${whose} is full and evicts entries`,
      notice: 'Users notice now and then: handshakes and DNS requests fail.',
      consequence:
        'The kernel evicts connections that have no reply yet, of every service, without a drop or a line in the log. Each one fails, or its client tries again. The table has one entry for each connection that passes.',
    }),
  'conntrack-table-nearly-full': (found) =>
    describe(found, {
      title: (whose) =>
        `The connection tracking table${whose} is ${isFull(found) ? '' : `${percent(found.numbers.usedRatio)} `}full`,
      notice: isFull(found)
        ? 'Users notice as soon as more connections arrive.'
        : 'Users notice when the table is full.',
      consequence: whenFull,
    }),
  'conntrack-table-full-soon': (found) =>
    describe(found, {
      title: (whose) =>
        `The connection tracking table${whose} will be full in ${time(found.numbers.fullInSeconds ?? 0)}`,
      notice: `Users notice in ${time(found.numbers.fullInSeconds ?? 0)}, when the table is full.`,
      consequence: whenFull,
    }),
  'conntrack-equilibrium-high': (found) =>
    describe(found, {
      title: (whose) =>
        `The connection tracking table${whose} will settle at ${percent(settlesRatio(found))} of its limit`,
      notice: 'Users notice when the table is full: at the present rates it is not.',
      consequence: whenFull,
    }),
};

const whenFull =
  'When the table is full, the kernel evicts entries without a reply, then drops new connections, of every service. The table has one entry for each connection that passes.';

type FoundTable = TableFacts & { readonly subject: Subject };

function isFull({ numbers: { presentEntries, limitEntries } }: FoundTable): boolean {
  return presentEntries >= limitEntries;
}

function settlesRatio({ numbers: { settlesEntries = 0, limitEntries } }: FoundTable): number {
  return settlesEntries / limitEntries;
}

interface Phrases {
  /** @param whose follows "the connection tracking table". */
  readonly title: (whose: string) => string;
  readonly notice: string;
  readonly consequence: string;
}

function describe(found: FoundTable & Pick<Found<TableFinding>, 'id'>, { title, notice, consequence }: Phrases): Words {
  const { details, subject } = found;
  const [worst] = details.culprits;
  return {
    title: `${title(inNamespaceOf(subject.namespace))}${worst ? `. ${blame(worst)}` : blameOther(found)}`,
    notice,
    evidence: [...describeFigures(found), ...describeState(found), ...details.culprits.flatMap(describeCulprit)],
    consequence: cannotEvict(found) ? onlyDrops : consequence,
  };
}

/** Nearly all entries are of connections with a reply, which the kernel does not evict. */
function cannotEvict({ numbers: { presentEntries, unrepliedEntries, evictedFlows } }: FoundTable): boolean {
  return evictedFlows === 0 && unrepliedEntries !== undefined && unrepliedEntries < fewUnreplied * presentEntries;
}

const fewUnreplied = 0.02;
const onlyDrops =
  'When the table is full, the kernel drops new connections, whoever opens them, and logs "table full, dropping packet". It evicts none of the present entries, because they have had replies.';

/** Where no destination stands out. */
function blameOther({ numbers: { limitEntries }, details: { dominant, scanner } }: FoundTable): string {
  if (scanner !== undefined) {
    return `. ${scanner.subject.source} holds ${percent(scanner.numbers.presentEntries / limitEntries)}: it opens connections to ever new destinations`;
  }
  if (dominant === undefined) return '';
  return `. ${nameState(dominant)} connections hold ${percent(dominant.numbers.presentEntries / limitEntries)}`;
}

function describeState({ numbers: { presentEntries }, details: { dominant } }: FoundTable): string[] {
  if (dominant === undefined) return [];
  const { presentEntries: entries, timerSeconds } = dominant.numbers;
  const stays = timerSeconds === undefined ? '' : `; each stays for ${time(timerSeconds)} after its last packet`;
  const meaning = stateMeanings[dominant.state];
  return [
    `${percent(entries / presentEntries)} of the entries are ${nameState(dominant)}${meaning === undefined ? '' : ` (${meaning})`}${stays}`,
  ];
}

function nameState({ protocol, state }: DominantState): string {
  return state === '' ? protocol.toUpperCase() : state;
}

const stateMeanings: Readonly<Record<string, string>> = {
  SYN_SENT: 'a connection attempt without a reply',
  SYN_RECV: 'a connection attempt with a reply, which the client did not complete',
  ESTABLISHED: 'an open connection',
  FIN_WAIT: 'one side is closing',
  CLOSE_WAIT: 'one side has closed, the other has not yet',
  TIME_WAIT: 'closed by both sides',
};

/** `tcp 10.0.0.100:80 holds 87 % (direct server return, virtual machine director-1)`. */
function blame({ subject, verdict, numbers }: Culprit): string {
  const { presentEntries, limitEntries = 0 } = numbers;
  const what = [verdict && verdictKinds[verdict].label, subject.owner && nameOwner(subject.owner)];
  const known = what.filter((one) => one !== undefined).join(', ');
  const share = limitEntries > 0 ? percent(presentEntries / limitEntries) : count(presentEntries);
  const name = subject.destination ? nameDestination(subject.destination) : '';
  return `${name} holds ${share}${known === '' ? '' : ` (${known})`}`;
}

function describeFigures({ numbers }: FoundTable): string[] {
  const { presentEntries, limitEntries, usedRatio, settlesEntries } = numbers;
  const { evictedFlows, evictedPerSecond, droppedPackets, droppedPerSecond } = numbers;
  const settles = settlesEntries === undefined ? '' : `; at the present rates it settles at ${count(settlesEntries)}`;
  const losses = `Entries evicted: ${formatRise(evictedFlows, evictedPerSecond)}; packets dropped: ${formatRise(droppedPackets, droppedPerSecond)}`;
  return [
    `${count(presentEntries)} of ${count(limitEntries)} entries (${percent(usedRatio)})${settles}`,
    ...(evictedFlows > 0 || droppedPackets > 0 ? [losses] : []),
  ];
}

function describeCulprit(culprit: Culprit): string[] {
  const { verdict, subject } = culprit;
  return [
    describeHolding(culprit),
    ...describeOwner(subject),
    ...(verdict === undefined ? [] : [`It is ${verdictKinds[verdict].meaning}`]),
  ];
}

/** How much of a table a destination holds. */
export function describeHolding({ subject, numbers }: Pick<Culprit, 'subject' | 'numbers'>): string {
  const { presentEntries, unrepliedEntries, arrivalsPerSecond, limitEntries = 0 } = numbers;
  const ofLimit = limitEntries > 0 ? ` (${percent(presentEntries / limitEntries)} of the limit)` : '';
  const replies = presentEntries > 0 ? `${percent(unrepliedEntries / presentEntries)} of them without a reply` : 'none';
  const name = nameWithOwner({ ...(subject.destination && { destination: subject.destination }) });
  return `${name} holds ${count(presentEntries)} entries${ofLimit}, ${replies}; ${count(arrivalsPerSecond)} new ones per second`;
}
