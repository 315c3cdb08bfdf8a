import type { Census } from '../census/census.ts';
import { sourceKey } from '../census/source-key.ts';
import type { SourceTally } from '../census/source-tally.ts';
import {
  advance,
  isWorthRemembering,
  noStance,
  notableFlows,
  notableTableShare,
  pick,
  type Stance,
  type Threshold,
} from './hysteresis.ts';

/**
 * `scan`: keeps connecting to new destinations, most of which do not reply. `replies_only`: a server whose requests pass by
 * another way, so that its replies alone are seen here.
 */
export type SourceVerdict = 'scan' | 'replies_only';

/** For a badge. */
export const sourceVerdictLabels: Readonly<Record<SourceVerdict, string>> = {
  scan: 'Scan',
  replies_only: 'Replies only',
};

/** By `sourceKey`. Begin with an empty one. */
export type SourceMemory = ReadonlyMap<string, Stance<SourceVerdict>>;

/** What the sources are that hold a notable share of the table, and what to remember for the next scan. */
export interface SourceJudgement {
  /** Those with a verdict. */
  readonly judged: readonly { readonly source: SourceTally; readonly verdict: SourceVerdict }[];
  readonly memory: SourceMemory;
}

/** Judges the sources of a census, with the hysteresis that destinations have. */
export function judgeSources(memory: SourceMemory, census: Census): SourceJudgement {
  const next = new Map<string, Stance<SourceVerdict>>();
  const listed = new Map(census.sources.map((source) => [sourceKey(source), source]));
  for (const key of new Set([...listed.keys(), ...memory.keys()])) {
    const before = memory.get(key) ?? noStance;
    const stance = advance(before, formOpinion(census, listed.get(key), before.verdict));
    if (isWorthRemembering(stance)) next.set(key, stance);
  }
  const judged = [...listed].flatMap(([key, source]) => {
    const verdict = next.get(key)?.verdict ?? 'none';
    return verdict === 'none' ? [] : [{ source, verdict }];
  });
  return { judged, memory: next };
}

const unansweredShare: Threshold = { enter: 0.8, stay: 0.6 };

/** Distinct destinations for each flow, with 13 % error of the estimate: a client goes to the same few again. */
const newDestinationsShare: Threshold = { enter: 0.5, stay: 0.35 };

function formOpinion(
  { live, sourceScale }: Census,
  source: SourceTally | undefined,
  standing: SourceVerdict | 'none',
): SourceVerdict | 'none' {
  if (source === undefined) return 'none';
  const { counted, unreplied, destinations } = source;
  const isKnown = standing !== 'none';
  const isOneSided =
    counted >= pick(notableFlows, isKnown) &&
    counted * sourceScale >= pick(notableTableShare, isKnown) * live.estimate &&
    unreplied >= pick(unansweredShare, isKnown) * counted &&
    destinations >= pick(newDestinationsShare, isKnown) * counted;
  if (!isOneSided) return 'none';
  return sendsReplies(source) ? 'replies_only' : 'scan';
}

/** Of a scan, every flow is new: of TCP it is an attempt, of UDP it goes to one service or another from any port. */
function sendsReplies({ unreplied, oneWay, port, ownPort }: SourceTally): boolean {
  if (oneWay >= unreplied / 2) return true;
  return ownPort?.protocol === 'udp' && ownPort.port < systemPorts && port === undefined;
}

/** Ports below it are those of services. */
const systemPorts = 1024;
