import { describe, expect, it } from 'vitest';
import { isFromThisMachine } from '../../src/http/local-reader.ts';

const asked = (headers: Readonly<Record<string, string>>, remoteAddress = '127.0.0.1', httpVersion = '1.1') =>
  isFromThisMachine({ headers: { host: 'localhost:10044', ...headers }, httpVersion, socket: { remoteAddress } });

describe('a reader is on this machine', () => {
  it.each(['localhost', 'localhost:10044', '127.0.0.1:10044', '127.8.9.10', '[::1]:10044', 'director1:10044'])(
    'who asks %s',
    (host) =>
      expect([asked({ host }), asked({ host }, '::1'), asked({ host }, '::ffff:127.0.0.1')]).toEqual([
        true,
        true,
        true,
      ]),
  );
});

describe('a reader may be anywhere', () => {
  it.each(['10.0.0.1', '::2', '1127.0.0.1', '', 'fe80::1%lo'])('at %j', (address) =>
    expect(asked({}, address)).toBe(false),
  );

  it.each(['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'])(
    'for whom a proxy reports %s',
    (name) => expect(asked({ [name]: 'x' })).toBe(false),
  );

  it('for whom a proxy uses HTTP/1.0, as nginx does', () => expect(asked({}, '127.0.0.1', '1.0')).toBe(false));

  it.each(['evil.example:10044', 'localhost.evil.example', 'director1.', '127.0.0.1.evil.example', '', 'a b'])(
    'whose browser asks %j: a name of a stranger may stand for this machine',
    (host) => expect(asked({ host })).toBe(false),
  );
});
