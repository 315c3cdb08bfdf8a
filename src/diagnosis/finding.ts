/** How soon somebody has to act: now, today, or at leisure. */
export type Urgency = 'critical' | 'warning' | 'info';

/** Who can apply a remedy: the tenant inside the virtual machine, or the operator of the host or cloud. */
export type Party = 'tenant' | 'operator';

export interface Remedy {
  readonly title: string;
  readonly by: Party;
  /** Shell commands for this machine, complete, in order. Empty where it is no matter of commands. */
  readonly commands: readonly string[];
  /** What it costs; empty for nothing. */
  readonly tradeOff: string;
  /** Commands that take it back. */
  readonly undo: readonly string[];
}

/** One thing that is wrong, or will be. */
export interface Finding {
  /** In kebab case, the same for the same kind of fault. */
  readonly id: string;
  /** What it is about, such as a destination; empty for the machine. With `id`, tells it from all others. */
  readonly subject: string;
  readonly urgency: Urgency;
  /** One sentence that names the thing. */
  readonly title: string;
  /** The numbers that it rests on. */
  readonly evidence: readonly string[];
  /** What happens if nobody acts. */
  readonly consequence: string;
  /** The best first. */
  readonly remedies: readonly Remedy[];
  /** Name of the alert whose runbook in docs/runbooks/ tells more. */
  readonly runbook: string | undefined;
}
