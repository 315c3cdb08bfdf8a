import type { Remedy } from '../../src/diagnosis/remedy.ts';
import type { Notification } from '../cluster/webhook.ts';
import type { TimelineEntry } from './alerts-timeline.ts';

/** What happened on the day that the director moved. */
export interface Day {
  /** Of lvs-exporter. */
  readonly version: string;
  readonly limit: number;
  readonly perSecond: number;
  readonly before: Before;
  /** Since the move. */
  readonly timeline: readonly TimelineEntry[];
  readonly movedAt: number;
  readonly page: Notification;
  readonly entriesAtPage: number;
  readonly diagnosisText: string;
  readonly remedy: Remedy;
  readonly planText: string;
  readonly typedAt: number;
  readonly entriesAfter: number;
  readonly load: { readonly finished: number; readonly failed: number };
}

export interface Before {
  readonly seconds: number;
  readonly finished: number;
  readonly entries: number;
  readonly realServers: readonly string[];
}
