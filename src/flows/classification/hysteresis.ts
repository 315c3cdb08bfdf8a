/** The present verdict, and the last scans that contradict it. */
export interface Stance<Verdict extends string> {
  readonly verdict: Verdict | 'none';
  /** A different verdict of the last scans in a row, and how many they are. */
  readonly contender: Verdict | 'none';
  readonly scans: number;
}

/** Scans in a row that make a first verdict, and that change or end one. */
const scansToBegin = 2;
const scansToChange = 3;

export const noStance = { verdict: 'none', contender: 'none', scans: 0 } as const;

/** Adds the result of one scan. A verdict begins, changes and ends only after several scans in a row with the same result. */
export function advance<Verdict extends string>(
  { verdict: standing, contender, scans: before }: Stance<Verdict>,
  verdict: Verdict | 'none',
): Stance<Verdict> {
  if (verdict === standing) return { verdict, contender: verdict, scans: 0 };
  const scans = verdict === contender ? before + 1 : 1;
  const enough = standing === 'none' ? scansToBegin : scansToChange;
  return scans < enough ? { verdict: standing, contender: verdict, scans } : { verdict, contender: verdict, scans: 0 };
}

export function isWorthRemembering({ verdict, contender }: Stance<string>): boolean {
  return verdict !== 'none' || contender !== 'none';
}

/** A boundary with a way back: it takes `enter` to get in and less than `stay` to fall out. */
export interface Threshold {
  readonly enter: number;
  readonly stay: number;
}

export function pick({ enter, stay }: Threshold, isIn: boolean): number {
  return isIn ? stay : enter;
}

/** What holds too little of the table has no verdict: flows read, and the share of the table. */
export const notableFlows: Threshold = { enter: 100, stay: 50 };
export const notableTableShare: Threshold = { enter: 0.01, stay: 0.005 };
