import { describe, expect, test } from 'vitest';
import { knownClasses, timerOf } from '../../src/flows/classification/flow-class.ts';
import { timeoutSeconds } from '../../src/flows/timeouts.ts';
import { timeouts } from './simulated-table.ts';

const flow = (protocol: number, state = '', replied = false, assured = false) => ({
  protocol,
  state,
  replied,
  assured,
});

describe('timeoutSeconds()', () => {
  test.each([
    [flow(6, 'SYN_SENT'), 120],
    [flow(6, 'SYN_SENT2'), 120],
    [flow(6, 'ESTABLISHED', true, true), 432_000],
    [flow(6, 'ESTABLISHED'), 300],
    [flow(6, 'TIME_WAIT'), 120],
    [flow(6, ''), undefined],
    [flow(17), 30],
    [flow(17, '', true), 30],
    [flow(17, '', true, true), 120],
    [flow(136, '', true, true), 120],
    [flow(47, '', true, true), 180],
    [flow(58), 30],
    [flow(89), 600],
    [flow(132, 'COOKIE_WAIT'), undefined],
    [flow(132, 'ESTABLISHED', true, true), 210],
    // A kernel without support for SCTP or DCCP.
    [flow(132), 600],
    [flow(33, '', true, true), 600],
  ])('of %o is %s', (flowClass, seconds) => {
    expect(timeoutSeconds(timeouts, flowClass)).toBe(seconds);
  });

  test('is not known when the setting is no number of seconds', () => {
    for (const seconds of [Number.NaN, -1]) {
      expect(timeoutSeconds(new Map([['nf_conntrack_udp_timeout', seconds]]), flow(17))).toBeUndefined();
    }
  });
});

describe('timerOf()', () => {
  test.each([
    [flow(6, 'SYN_SENT'), 'once'],
    [flow(6, 'SYN_SENT', true), 'renewed'],
    [flow(6, 'SYN_RECV', true), 'renewed'],
    [flow(6, 'ESTABLISHED'), 'open'],
    [flow(6, 'TIME_WAIT', true, true), 'once'],
    [flow(6, ''), 'open'],
    [flow(17), 'renewed'],
    [flow(132, 'COOKIE_WAIT'), 'once'],
    [flow(33, 'REQUEST'), 'once'],
    [flow(33), 'renewed'],
    [flow(132), 'renewed'],
  ])('of %o is %s', (flowClass, timer) => {
    expect(timerOf(flowClass)).toBe(timer);
  });
});

test('knownClasses() has each class once', () => {
  const keys = knownClasses().map((flowClass) => JSON.stringify(flowClass));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toContain(JSON.stringify(flow(6, 'SYN_SENT')));
  expect(keys).toContain(JSON.stringify(flow(17, '', true, true)));
});
