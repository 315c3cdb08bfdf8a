export const defaultTelemetryPath = '/metrics';

/** What is served below these is something else. */
const taken = /^\/(-|assets|docs|history\.json)(\/|$)/i;

/**
 * Parses the path at which metrics are served, such as `/metrics`; undefined for one that cannot be served. Below `/` the
 * status page is not served.
 */
export function parseTelemetryPath(text: string): string | undefined {
  return /^(\/[\w.~-]+)+$|^\/$/.test(text) && !taken.test(text) ? text : undefined;
}
