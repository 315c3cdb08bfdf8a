import type { AlertName } from '../../src/diagnosis/kinds/index.ts';
import type { Severity } from '../../src/identity/severity.ts';

/** A series that Prometheus keeps of an expression. Named `level:metric:operations`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertRule {
  /** One that is neither a finding nor in `alertsWithoutFinding` does not compile. */
  readonly alert: AlertName;
  readonly severity: Severity;
  readonly expr: string;
  /** Seconds for which the expression has to hold. None when the expression looks back by itself. */
  readonly forSeconds?: number;
  /** Seconds for which the alert stays after the expression held last: it is not to come and go. */
  readonly keepFiringForSeconds: number;
  /** One fixed sentence. */
  readonly summary: string;
  /** What, where, and the values, as a template of Prometheus. */
  readonly description: string;
}

/** Rules that are evaluated together and in order. */
export interface RuleGroup {
  readonly name: `${string}.rules` | `${string}.alerts`;
  readonly intervalSeconds: number;
  readonly rules: readonly (RecordingRule | AlertRule)[];
}

export function isAlert(rule: RecordingRule | AlertRule): rule is AlertRule {
  return 'alert' in rule;
}
