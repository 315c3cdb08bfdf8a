import { hashSync } from 'bcryptjs';
import { expect, it } from 'vitest';
import { createPasswordChecker } from '../../../src/http/web-config/password.ts';

const users = new Map([['alice', hashSync('right', 4)]]);

it('tells right from wrong, also when asked again', async () => {
  const { check } = createPasswordChecker();
  for (const _time of [1, 2]) {
    expect(await check('alice', 'right', users)).toBe('right');
    expect(await check('alice', 'wrong', users)).toBe('wrong');
    expect(await check('mallory', 'right', users)).toBe('wrong');
  }
});

it('asks bcrypt again once the password was changed', async () => {
  const { check } = createPasswordChecker();
  expect(await check('alice', 'right', users)).toBe('right');
  expect(await check('alice', 'right', new Map([['alice', hashSync('changed', 4)]]))).toBe('wrong');
});

it('refuses more guesses than can wait, and still knows whom it knew', async () => {
  const { check } = createPasswordChecker();
  await check('alice', 'right', users);
  const guesses = Array.from({ length: 40 }, (_, n) => check('alice', `guess ${n}`, users));
  expect(await check('alice', 'right', users)).toBe('right');
  const outcomes = await Promise.all(guesses);
  expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(20);
  expect(outcomes).not.toContain('right');
  expect(await check('alice', 'guess 39', users)).toBe('wrong');
});

it('knows a right password after more wrong ones than are remembered', async () => {
  const { check } = createPasswordChecker();
  await check('alice', 'right', users);
  for (let n = 0; n < 110; n++) await check('alice', `guess ${n}`, users);
  const guesses = Array.from({ length: 40 }, (_, n) => check('alice', `another ${n}`, users));
  expect(await check('alice', 'right', users)).toBe('right');
  await Promise.all(guesses);
});

it('lets guesses at names that do not exist keep no user waiting', async () => {
  const { check } = createPasswordChecker();
  const guesses = Array.from({ length: 40 }, (_, n) => check(`user ${n}`, 'right', users));
  expect(await check('alice', 'right', users)).toBe('right');
  expect((await Promise.all(guesses)).filter((outcome) => outcome === 'busy')).toHaveLength(20);
});
