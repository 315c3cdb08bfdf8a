import { compare, getRounds, hashSync } from 'bcryptjs';
import { expect, it } from 'vitest';
import { createPasswordChecker } from '../../../src/http/web-config/password.ts';

const users = new Map([['alice', hashSync('right', 4)]]);
const client = '127.0.0.1';
const few = { maxOfClient: 20, max: 100 };

it('distinguishes a right password from a wrong one, also from the cache', async () => {
  const { check } = createPasswordChecker();
  for (const _time of [1, 2]) {
    expect(await check('alice', 'right', users, client)).toBe('right');
    expect(await check('alice', 'wrong', users, client)).toBe('wrong');
    expect(await check('mallory', 'right', users, client)).toBe('wrong');
  }
});

it('asks bcrypt again once the password was changed', async () => {
  const { check } = createPasswordChecker();
  expect(await check('alice', 'right', users, client)).toBe('right');
  expect(await check('alice', 'right', new Map([['alice', hashSync('changed', 4)]]), client)).toBe('wrong');
});

it('refuses more guesses than can wait, and still admits whom it admitted before', async () => {
  const { check } = createPasswordChecker(few);
  await check('alice', 'right', users, client);
  const guesses = Array.from({ length: 40 }, (_, n) => check('alice', `guess ${n}`, users, client));
  expect(await check('alice', 'right', users, client)).toBe('right');
  const outcomes = await Promise.all(guesses);
  expect(outcomes).toContain('busy');
  expect(outcomes.filter((outcome) => outcome === 'wrong').length).toBeGreaterThanOrEqual(20);
  expect(outcomes).not.toContain('right');
  expect(await check('alice', 'guess 0', users, client)).toBe('wrong');
});

it('gives each client its turn: the first check beside one that guesses does not wait for all of its guesses', async () => {
  const { check } = createPasswordChecker();
  let guessed = 0;
  const guesses = Array.from({ length: 100 }, async (_, n) => {
    await check(n % 2 ? 'alice' : `user ${n}`, `guess ${n}`, users, n % 3 ? '203.0.113.1' : `2001:db8::${n}`);
    guessed++;
  });
  expect(await check('alice', 'right', users, '203.0.113.2')).toBe('right');
  expect(guessed).toBeLessThan(10);
  await Promise.all(guesses);
});

it('checks a password that many ask with at once a single time', async () => {
  const { check } = createPasswordChecker();
  const [one, ...others] = Array.from({ length: 300 }, () => check('alice', 'right', users, client));
  expect(await one).toBe('right');
  expect(new Set(await Promise.all(others))).toEqual(new Set(['right']));
});

it('accepts a right password after more wrong ones than are remembered', async () => {
  const { check } = createPasswordChecker();
  await check('alice', 'right', users, client);
  for (let n = 0; n < 110; n++) await check('alice', `guess ${n}`, users, client);
  const guesses = Array.from({ length: 40 }, (_, n) => check('alice', `another ${n}`, users, client));
  expect(await check('alice', 'right', users, client)).toBe('right');
  await Promise.all(guesses);
});

it('refuses names that exist and names that do not alike where too many wait', async () => {
  const { check } = createPasswordChecker(few);
  const guesses = Array.from({ length: 30 }, (_, n) => check(`user ${n}`, 'wrong', users, client));
  const both = [check('alice', 'wrong', users, client), check('mallory', 'wrong', users, client)];
  expect(await Promise.all(both)).toEqual(['busy', 'busy']);
  await Promise.all(guesses);
});

it('takes as much work for a name that does not exist as for one that does', async () => {
  const mixed = new Map([...users, ['bob', hashSync('other', 6)]]);
  const costs: number[] = [];
  const noteCost = (password: string, hash: string) => {
    costs.push(getRounds(hash));
    return compare(password, hash);
  };
  const { check } = createPasswordChecker(undefined, noteCost);
  const names = ['alice', 'bob', ...Array.from({ length: 40 }, (_, n) => `user ${n}`)];
  for (const name of names) expect(await check(name, 'wrong', mixed, client)).toBe('wrong');
  expect(costs).toHaveLength(names.length);
  expect(new Set(costs)).toEqual(new Set([4, 6]));
  costs.length = 0;
  for (const guess of ['a', 'b', 'c']) await check('user 0', guess, mixed, client);
  expect(new Set(costs).size).toBe(1);
});
