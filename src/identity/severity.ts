/** How soon you must act: now, today, or when you like. The most urgent first. */
export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];
