import { describe, expect, it } from 'vitest';
import { ifNetlink, ifPresent, isNetlinkUnavailable, netlinkUnavailable } from '../../src/host/errors.ts';
import { systemError } from '../machine.ts';

describe('isNetlinkUnavailable()', () => {
  it.each(Object.keys(netlinkUnavailable))('takes %s for netlink that is not available', (code) => {
    expect(isNetlinkUnavailable(systemError(code, 'injected'))).toBe(true);
  });

  it.each(['ENOBUFS', 'ETIMEDOUT', 'EMFILE', 'EBADMSG', 'EIO'])('takes %s for a failure', (code) => {
    expect(isNetlinkUnavailable(systemError(code, 'injected'))).toBe(false);
  });

  it('takes an error without a code for a failure', () => {
    expect(isNetlinkUnavailable(new TypeError('x is not a function'))).toBe(false);
  });
});

it('ifPresent() lets only ENOENT pass, ifNetlink() all that stands for netlink that is not available', async () => {
  const rejected = (code: string) => Promise.reject(systemError(code, 'injected'));
  expect(await ifPresent(rejected('ENOENT'))).toBeUndefined();
  expect(await ifNetlink(rejected('EAFNOSUPPORT'))).toBeUndefined();
  await expect(ifPresent(rejected('EPERM'))).rejects.toThrow('EPERM');
  await expect(ifNetlink(rejected('ENOBUFS'))).rejects.toThrow('ENOBUFS');
});
