/**
 * Where a flow is counted for the estimate of arrivals. One row of counts has these columns:
 *
 *     0        unknown: too old, or its timer does not show its age
 *     1        older timeout: 0-5 s more left than a flow can have now
 *     2 - 13   since: began 0-5, 5-10, ... 55-60 seconds ago
 *     14 - 19  ending: 0-5, 5-10, ... 25-30 seconds left of a timer that each packet renews
 *
 * The kernel rounds the remaining time down (ctnetlink_dump_timeout(), `/ HZ`), so a flow with a timeout of T and r
 * seconds left began between T - r - 1 and T - r seconds ago: r = T - 1 is the first second, and w whole seconds of
 * flows are those with T - w <= r < T.
 */
export const columns = 20;

export const spanSeconds = 5;
export const noColumn = 0;
export const olderTimeoutColumn = 1;
export const sinceColumn = 2;
export const sinceSpans = 12;
export const sinceSeconds = sinceSpans * spanSeconds;
export const endingColumn = sinceColumn + sinceSpans;
export const endingSpans = columns - endingColumn;

/** The column of a flow whose age is known, in seconds. A clock set back makes it less than 0. */
export function columnByAge(ageSeconds: number): number {
  const span = Math.max(0, Math.floor(ageSeconds / spanSeconds));
  return span < sinceSpans ? sinceColumn + span : noColumn;
}

/** The column of a flow whose timer was set once, `elapsed` being its timeout minus its remaining time. */
export function columnByTimer(elapsed: number): number {
  if (elapsed <= 0) return elapsed > -spanSeconds ? olderTimeoutColumn : noColumn;
  const span = spanOf(elapsed);
  return span < sinceSpans ? sinceColumn + span : noColumn;
}

/**
 * The column of a flow whose timer is renewed by each packet. A flow in use never reaches the end of its timer, so those
 * that do are the ones that ended: in the long run as many as begin.
 */
export function columnByEnding(remaining: number): number {
  const span = Math.floor(remaining / spanSeconds);
  return span < endingSpans ? endingColumn + span : noColumn;
}

/** Whole seconds 1 to 5 are span 0. So is an `elapsed` of 0, which lasts one tick of the kernel's clock. */
function spanOf(elapsed: number): number {
  return elapsed <= spanSeconds ? 0 : Math.floor((elapsed - 1) / spanSeconds);
}
