/**
 * Moments of an axis, UTC as everywhere on the page: all as `03:14`, or all with seconds if its steps are not of whole
 * minutes.
 */
export function formatMoments(moments: readonly number[], stepSeconds: number): string[] {
  const end = stepSeconds % 60 === 0 ? 16 : 19;
  return moments.map((seconds) => new Date(seconds * 1000).toISOString().slice(11, end));
}
