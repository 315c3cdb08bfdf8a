import { type Verdict, verdictKinds } from '../../flows/classification/verdict-kinds.ts';
import { nameDestination } from '../../readings/destinations.ts';
import { count, percent, time } from '../../readings/format.ts';
import { nameOwner } from '../../readings/port-owner.ts';
import type { Found, Subject } from '../finding.ts';
import type { Culprit, DominantState, Scanner, TableFacts } from '../table-facts.ts';
import { formatRise } from './rates.ts';
import { nameState } from './states.ts';
import { describeOwner, inNamespaceOf, nameSource, nameWithOwner } from './subject.ts';
import { noticeWhenFull, type Wording, type Words } from './words.ts';

type TableFinding =
  | 'conntrack-table-dropping'
  | 'conntrack-table-evicting'
  | 'conntrack-table-nearly-full'
  | 'conntrack-table-full-soon'
  | 'conntrack-equilibrium-high';

/** A connection tracking table that is full, or will be. */
export const tableWording: Wording<TableFinding> = {
  'conntrack-table-dropping': (found) =>
    describeTable(found, {
      title: (whose) => `New connections through this host fail: the connection tracking table${whose} is full`,
      notice: 'Users notice now: new connections through this host fail.',
      consequence:
        'New connections of every service through this host fail. Established ones continue. Each connection through this host takes one entry of the table.',
    }),
  'conntrack-table-evicting': (found) =>
    describeTable(found, {
      title: (whose) =>
        `Connections through this host are lost: the connection tracking table${whose} is full and evicts entries`,
      notice: 'Some users notice now: handshakes and DNS requests fail.',
      consequence:
        'The kernel evicts connections of every service that have no reply yet, without counting a drop or logging a line. Each one fails or is tried again by its client. Each connection through this host takes one entry of the table.',
    }),
  'conntrack-table-nearly-full': (found) =>
    describeTable(found, {
      title: (whose) =>
        `The connection tracking table${whose} is ${isFull(found) ? '' : `${percent(found.numbers.usedRatio)} `}full`,
      notice: isFull(found) ? 'Users notice as soon as more connections arrive.' : noticeWhenFull,
      consequence: whenFull,
    }),
  'conntrack-table-full-soon': (found) =>
    describeTable(found, {
      title: (whose) =>
        `The connection tracking table${whose} will be full in ${time(found.numbers.fullInSeconds ?? 0)}`,
      notice: `Users notice in ${time(found.numbers.fullInSeconds ?? 0)}, when the table is full: new connections then fail.`,
      consequence: whenFull,
    }),
  'conntrack-equilibrium-high': (found) =>
    describeTable(found, {
      title: (whose) =>
        `The connection tracking table${whose} will settle at ${percent(settlesRatio(found))} of its limit`,
      notice: 'Users notice if the load rises: at the present rates, the table does not fill.',
      consequence: whenFull,
    }),
};

const whenFull =
  'When the table is full, the kernel evicts entries without a reply, then drops new connections of every service. Each connection through this host takes one entry of the table.';

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

function describeTable(
  found: FoundTable & Pick<Found<TableFinding>, 'id'>,
  { title, notice, consequence }: Phrases,
): Words {
  const { details, subject } = found;
  const [worst] = details.culprits;
  return {
    title: `${title(inNamespaceOf(subject.namespace))}${worst ? `. ${blame(worst, details.dominant)}${ofOpener(found)}` : blameOther(found)}`,
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
  'When the table is full, the kernel drops new connections of every client and logs "table full, dropping packet". It cannot evict the present entries, because they have replies.';

/** Where no destination stands out. */
function blameOther({ numbers: { limitEntries }, details: { dominant, scanner, target, opener } }: FoundTable): string {
  if (scanner !== undefined) {
    return `. ${nameSource(scanner.subject, scanner.details.isOwn)} holds ${percent(scanner.numbers.presentEntries / limitEntries)}: it keeps opening connections to new destinations`;
  }
  if (target !== undefined) {
    return `. ${target.subject.destination?.address} gets ${percent(target.numbers.unrepliedEntries / limitEntries)}: packets to many of its ports, without a reply`;
  }
  if (opener?.details.sendsReplies) {
    return `. ${nameOpener(opener)} holds ${percent(opener.numbers.presentEntries / limitEntries)}: only its replies pass this host, not the requests`;
  }
  if (opener !== undefined) {
    return `. ${nameOpener(opener)} opened ${percent(opener.numbers.presentEntries / limitEntries)}${dominant ? `, mostly ${nameState(dominant)}` : ''}`;
  }
  if (dominant === undefined) return '';
  const to = dominant.port === undefined ? '' : `, at least half of them to port ${dominant.port} of many addresses`;
  return `. ${capitalise(nameState(dominant))} hold ${percent(dominant.numbers.presentEntries / limitEntries)}${to}`;
}

function nameOpener({ subject, details }: Scanner): string {
  const { owner } = subject;
  return `${nameSource(subject, details.isOwn)}${owner === undefined ? '' : ` (${nameOwner(owner)})`}`;
}

/** `; 192.0.2.77 opened 76 % of all entries`: of a destination that stands out, one client may have opened most. */
function ofOpener({ numbers: { presentEntries }, details: { opener } }: FoundTable): string {
  if (opener === undefined) return '';
  const share = Math.min(1, opener.numbers.presentEntries / presentEntries);
  const name = nameOpener(opener).replace('This', 'this');
  if (opener.details.sendsReplies)
    return `; only the replies of ${name} pass this host: ${percent(share)} of all entries`;
  return `; ${name} opened ${percent(share)} of all entries`;
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function describeState({ numbers: { presentEntries }, details: { dominant } }: FoundTable): string[] {
  if (dominant === undefined) return [];
  const { presentEntries: entries, timerSeconds, idleEntries = 0, longestLeftSeconds = 0 } = dominant.numbers;
  const isOlder = timerSeconds !== undefined && longestLeftSeconds > 2 * timerSeconds;
  const older = isOlder ? `, and some have ${time(longestLeftSeconds)} left from a longer setting` : '';
  const stays =
    timerSeconds === undefined ? '' : `; each stays for ${time(timerSeconds)} after its last packet${older}`;
  const idle =
    idleEntries > entries / 2
      ? [`${percent(idleEntries / entries)} of these had no packet for a day or for half of that time`]
      : [];
  // The state was counted a moment after the entries.
  const share = Math.min(1, entries / presentEntries);
  return [`${percent(share)} of the entries are ${nameState(dominant)}${stays}`, ...idle];
}

/** Where traffic is answered, what its connections wait for explains more than that. The evidence names their state. */
function describeVerdict(verdict: Verdict, dominant: DominantState | undefined): string {
  return verdict === 'two_way' && dominant !== undefined
    ? `mostly ${nameState(dominant).replace(/ \([A-Z_\d]+\)$/, '')}`
    : verdictKinds[verdict].label.toLowerCase().replace(/\b(syn|nat)\b/g, (word) => word.toUpperCase());
}

/** `tcp 10.0.0.100:80 holds 87 % (direct server return, virtual machine director-1)`. */
function blame({ subject, verdict, numbers }: Culprit, dominant: DominantState | undefined): string {
  const { presentEntries, limitEntries = 0 } = numbers;
  const what = [verdict && describeVerdict(verdict, dominant), subject.owner && nameOwner(subject.owner)];
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
