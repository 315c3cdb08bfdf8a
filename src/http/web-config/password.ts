import { compare } from 'bcryptjs';

/** As many results are remembered as exporter-toolkit does. */
const mostResults = 100;
/** So many checks may wait for their turn: each takes the processor for 0.1 s at bcrypt's usual cost. */
const mostWaiting = 20;
/** A hash that no password of a user has, checked for unknown users: the time must not tell who exists. */
const nobodysHash = '$2b$10$fVQTUJL0TcRiR/.RdcFGVOJ8fZZGK0amYXGRHp8YUu6pJj/21jiCi';

export type Outcome = 'right' | 'wrong' | 'busy';

export interface PasswordChecker {
  /** Whether a password is that of a user, whose bcrypt hash is known, or undefined for a user who does not exist. */
  check(user: string, password: string, hash: string | undefined): Promise<Outcome>;
}

/**
 * Checks passwords one after the other and remembers the last results, so that neither a busy Prometheus nor somebody
 * who guesses takes all of the processor.
 */
export function createPasswordChecker(): PasswordChecker {
  const results = new Map<string, boolean>();
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  function remember(key: string, isRight: boolean): void {
    results.set(key, isRight);
    for (const oldest of results.keys()) {
      if (results.size <= mostResults) return;
      results.delete(oldest);
    }
  }

  return {
    async check(user, password, hash) {
      const key = JSON.stringify([user, password, hash]);
      const known = results.get(key);
      if (known !== undefined) return known ? 'right' : 'wrong';
      if (waiting >= mostWaiting) return 'busy';
      waiting++;
      const compared = turn.then(() => compare(password, hash ?? nobodysHash));
      turn = compared.catch(() => undefined);
      try {
        const isRight = (await compared) && hash !== undefined;
        remember(key, isRight);
        return isRight ? 'right' : 'wrong';
      } finally {
        waiting--;
      }
    },
  };
}
