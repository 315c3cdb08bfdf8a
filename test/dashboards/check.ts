import type { Dashboard } from '../../dashboards/src/grafana.ts';

/** What a dashboard gets wrong, of one thing that it has to get right. Looks at the JSON alone, as Grafana does. */
export type Check = (dashboard: Dashboard) => string[];

export function complain(isWrong: boolean, complaint: string): string[] {
  return isWrong ? [complaint] : [];
}
