import { describe, expect, it } from 'vitest';
import { parseProcess, parseSignals } from '../../../src/keepalived/process/process.ts';

describe('parseProcess()', () => {
  it('reads the name, the parent and the start of a process', () => {
    const text =
      '8602 (keepalived) S 8594 8594 8594 0 -1 4194624 217 528 0 0 0 6 1 0 20 0 1 0 101915 29822976 868 18446744073709551615 1 1\n';
    expect(parseProcess(text)).toEqual({ pid: 8602, name: 'keepalived', parentPid: 8594, startTicks: 101915 });
  });

  it('reads a name with spaces and brackets', () => {
    const text = '7 (a) S (b) R 1 7 7 0 -1 4194624 217 528 0 0 0 6 1 0 20 0 1 0 55 29822976 868 1 1 1\n';
    expect(parseProcess(text)).toEqual({ pid: 7, name: 'a) S (b', parentPid: 1, startTicks: 55 });
  });
});

const status = (masks: Readonly<Record<string, string>>) =>
  `Name:\tkeepalived\nUmask:\t0177\n${Object.entries(masks)
    .map(([name, mask]) => `${name}:\t${mask}\n`)
    .join('')}CapEff:\t000001ffffffffff\n`;

describe('parseSignals()', () => {
  it('reads those that keepalived 2.2.7 blocks and reads from a signalfd', () => {
    const text = status({
      SigPnd: '0000000000000000',
      ShdPnd: '0000000800000200',
      SigBlk: '4000000800014a03',
      SigIgn: 'bffffff67ffab034',
      SigCgt: '0000000000000000',
    });
    expect(parseSignals(text)).toEqual({
      handled: new Set([1, 2, 10, 12, 15, 17, 36, 63]),
      pending: new Set([10, 36]),
    });
  });

  it('reads those that keepalived 1.3.5 has handlers for: no JSON', () => {
    const text = status({
      SigPnd: '0000000000000000',
      ShdPnd: '0000000000000000',
      SigBlk: '0000000000000000',
      SigIgn: 'fffffffe7ffab034',
      SigCgt: '0000000000014a03',
    });
    expect(parseSignals(text)).toEqual({ handled: new Set([1, 2, 10, 12, 15, 17]), pending: new Set() });
  });

  it('takes a signal that is ignored for not handled', () => {
    expect(parseSignals(status({ SigBlk: '0000000000000200', SigIgn: '0000000000000200', SigCgt: '0' }))).toEqual({
      handled: new Set(),
      pending: new Set(),
    });
  });

  it('finds no signals where there are no masks', () => {
    expect(parseSignals('')).toEqual({ handled: new Set(), pending: new Set() });
  });
});
