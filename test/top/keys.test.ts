import { describe, expect, it } from 'vitest';
import { readKeys } from '../../src/top/keys.ts';

describe('readKeys()', () => {
  it.each([
    ['q', ['q']],
    ['/é', ['/', 'é']],
    ['\u001b[A\u001bOB', ['up', 'down']],
    ['\u001b[5~x\u001b[6~', ['page-up', 'x', 'page-down']],
    ['\u001b', ['escape']],
    ['\u0003\t\r\u007f\u001b[Z', ['ctrl-c', 'tab', 'enter', 'backspace', 'shift-tab']],
    // Of terminals that send more than was asked for: a mouse, a focus, a function key, a byte of control.
    ['\u001b[<0;1;1M\u001b[I\u001b[15~\u0001', []],
  ])('reads %j', (input, keys) => {
    expect(readKeys(input)).toEqual(keys);
  });
});
