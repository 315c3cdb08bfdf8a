import { describe, expect, it } from 'vitest';
import { parseTelemetryPath } from '../../src/http/telemetry-path.ts';

describe('parseTelemetryPath()', () => {
  it.each(['/metrics', '/', '/lvs/metrics', '/a.b_c~d-e', '/docsy'])('accepts %s', (path) => {
    expect(parseTelemetryPath(path)).toBe(path);
  });

  it.each(['', 'metrics', '/metrics/', '/a//b', '/a?b', '/:id', '/*all', '/-/ready', '/docs', '/Docs/x', '/assets'])(
    'refuses %j',
    (path) => {
      expect(parseTelemetryPath(path)).toBeUndefined();
    },
  );
});
