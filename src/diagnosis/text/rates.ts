import { count } from '../../readings/format.ts';

/** How fast a counter rises: `56 per second`, or `561 since the previous reading` if the time between is not known. */
export function formatRise(total: number, perSecond: number | undefined): string {
  return perSecond === undefined ? `${count(total)} since the previous reading` : `${count(perSecond)} per second`;
}
