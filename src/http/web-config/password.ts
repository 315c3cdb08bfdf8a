import { setTimeout as sleep } from 'node:timers/promises';
import { compare } from 'bcryptjs';

/** Results of one kind that are remembered, as many as exporter-toolkit remembers. */
const maxResults = 100;
/** Checks of one user that may wait for their turn: each takes the processor for 0.1 s at bcrypt's usual cost. */
const maxWaiting = 20;

export type PasswordVerdict = 'right' | 'wrong' | 'busy';

export interface PasswordChecker {
  /** Whether a password is that of a user. `users` has their bcrypt hashes. */
  check(user: string, password: string, users: ReadonlyMap<string, string>): Promise<PasswordVerdict>;
}

/**
 * Checks passwords one after the other, rests as long after each, and remembers results, so that neither a busy Prometheus
 * nor guessing takes more than half of the processor. Right results have a place of their own: wrong guesses never push them out.
 */
export function createPasswordChecker(): PasswordChecker {
  const results = { right: new Set<string>(), wrong: new Set<string>() };
  const waiting = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();

  async function compareInTurn(password: string, hash: string): Promise<boolean> {
    const compared = turn.then(() => compare(password, hash));
    turn = restAsLong(turn, compared);
    return await compared;
  }

  /** bcryptjs leaves every turn of the event loop to others only after 0.1 s, and a scrape takes many turns. */
  async function restAsLong(before: Promise<unknown>, compared: Promise<unknown>): Promise<void> {
    await before;
    const started = performance.now();
    await compared.catch(() => undefined);
    await sleep(performance.now() - started, undefined, { ref: false });
  }

  return {
    async check(user, password, users) {
      const hash = users.get(user);
      const key = JSON.stringify([user, password, hash]);
      if (results.right.has(key)) return 'right';
      if (results.wrong.has(key)) return 'wrong';
      // Guesses at names that do not exist wait in one line, so that they keep no user from the processor.
      const line = hash === undefined ? '' : user;
      const ahead = waiting.get(line) ?? 0;
      if (ahead >= maxWaiting) return 'busy';
      waiting.set(line, ahead + 1);
      try {
        const isRight = (await compareInTurn(password, hash ?? hashOfNobody(users))) && hash !== undefined;
        remember(isRight ? results.right : results.wrong, key);
        return isRight ? 'right' : 'wrong';
      } finally {
        waiting.set(line, (waiting.get(line) ?? 1) - 1);
      }
    },
  };
}

function remember(results: Set<string>, key: string): void {
  results.add(key);
  const [oldest] = results;
  if (results.size > maxResults && oldest !== undefined) results.delete(oldest);
}

/** A hash that no password of a user has, of the users' cost: how long a check takes must not reveal which users exist. */
function hashOfNobody(users: ReadonlyMap<string, string>): string {
  const [any = ''] = users.values();
  const [, cost = '10'] = /^\$2\w?\$(\d\d)\$/.exec(any) ?? [];
  return `$2b$${cost}$fVQTUJL0TcRiR/.RdcFGVOJ8fZZGK0amYXGRHp8YUu6pJj/21jiCi`;
}
