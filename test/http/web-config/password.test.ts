import { hashSync } from 'bcryptjs';
import { expect, it } from 'vitest';
import { createPasswordChecker } from '../../../src/http/web-config/password.ts';

const hash = hashSync('right', 4);

it('tells right from wrong, also when asked again', async () => {
  const { check } = createPasswordChecker();
  for (const _time of [1, 2]) {
    expect(await check('alice', 'right', hash)).toBe('right');
    expect(await check('alice', 'wrong', hash)).toBe('wrong');
    expect(await check('mallory', 'right', undefined)).toBe('wrong');
  }
});

it('asks bcrypt again once the password was changed', async () => {
  const { check } = createPasswordChecker();
  expect(await check('alice', 'right', hash)).toBe('right');
  expect(await check('alice', 'right', hashSync('changed', 4))).toBe('wrong');
});

it('refuses more guesses than can wait, and still knows whom it knew', async () => {
  const { check } = createPasswordChecker();
  await check('alice', 'right', hash);
  const guesses = Array.from({ length: 40 }, (_, n) => check('alice', `guess ${n}`, hash));
  expect(await check('alice', 'right', hash)).toBe('right');
  const outcomes = await Promise.all(guesses);
  expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(20);
  expect(outcomes).not.toContain('right');
  expect(await check('alice', 'guess 39', hash)).toBe('wrong');
});
