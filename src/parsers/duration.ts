const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Parses a duration as Prometheus writes it, `15s` or `1m30s`, to seconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|[smhd]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(ms|[smhd])/g)];
  return parts.reduce((total, [, count, unit]) => total + Number(count) * (unitSeconds[unit ?? ''] ?? 0), 0);
}
