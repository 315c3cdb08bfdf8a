import type { RemedyId } from '../remedies/index.ts';

/** What goes with a kind of finding. */
export interface FindingKind {
  /** `same name`: the alert that `alertOf` gives. Otherwise why Prometheus has none for this fact. */
  readonly alert: 'same name' | { readonly none: string };
  /** The alert whose runbook explains a finding that has no alert of its own. */
  readonly runbook?: string;
  /** How it is seen, for docs/findings.md. */
  readonly seenBy: string;
  /** What to do, the best first. Those that do not apply to a machine are left out there. */
  readonly remedies: readonly RemedyId[];
  /** Whether flows or packets are being lost now: then what gives room at once comes before what removes the cause. */
  readonly isLoss?: true;
}

export const aboutTraffic = {
  none: '`diagnose` compares ten seconds of traffic: over minutes, ordinary load looks the same.',
} as const;

export const aboutSetting = {
  none: 'A setting does not change by itself: `diagnose` and the status page report it.',
} as const;
