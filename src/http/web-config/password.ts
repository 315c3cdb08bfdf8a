import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { compare } from 'bcryptjs';
import { formatIPv6, parseIPv6 } from '../../identity/address.ts';
import { createFairTurns } from './fair-turns.ts';

/** Results of one kind that are remembered, as many as exporter-toolkit remembers. */
const maxResults = 100;
/**
 * Checks that may wait: each takes the processor for 0.1 s at bcrypt's usual cost. A client that is refused may never have its
 * turn beside one that guesses without a pause; one that gives up waiting is known afterwards.
 */
const waitingChecks = { maxOfClient: 500, max: 2000 };

export type PasswordVerdict = 'right' | 'wrong' | 'busy';

export interface PasswordChecker {
  /** Whether a password is that of a user. `users` has their bcrypt hashes, `client` is the address that asks. */
  check(user: string, password: string, users: ReadonlyMap<string, string>, client: string): Promise<PasswordVerdict>;
}

/**
 * Checks passwords one after the other, rests as long after each, and remembers results, so that neither a busy Prometheus
 * nor guessing takes more than half of the processor. Right results have a place of their own: wrong guesses never push them
 * out. Which users exist has no part in whose turn it is.
 */
export function createPasswordChecker(limits = waitingChecks, compareWith: typeof compare = compare): PasswordChecker {
  const results = { right: new Set<string>(), wrong: new Set<string>() };
  const secret = randomBytes(32);
  const turns = createFairTurns(limits, restAsLong);

  function recall(key: string): PasswordVerdict | undefined {
    if (results.right.has(key)) return 'right';
    return results.wrong.has(key) ? 'wrong' : undefined;
  }

  return {
    async check(user, password, users, client) {
      const hash = users.get(user);
      const key = JSON.stringify([user, password, hash]);
      const known = recall(key);
      if (known !== undefined) return known;
      const compareOnce = async () => {
        const isRight = (await compareWith(password, hash ?? hashOfNobody(user, users, secret))) && hash !== undefined;
        remember(isRight ? results.right : results.wrong, key);
        return isRight ? 'right' : 'wrong';
      };
      return await new Promise((resolve, reject) => {
        // Meanwhile, another request with the same password may have had its turn.
        const task = async () => recall(key) ?? (await compareOnce());
        if (!turns.add(networkOf(client), () => task().then(resolve, reject))) resolve('busy');
      });
    },
  };
}

/** bcryptjs leaves every turn of the event loop to others only after 0.1 s, and a scrape takes many turns. */
async function restAsLong(tookMs: number): Promise<void> {
  await sleep(tookMs, undefined, { ref: false });
}

/** One IPv6 address comes with the 2^64 of its network. A socket names the interface of a local one: `fe80::1%eth0`. */
function networkOf(client: string): string {
  const address = client.replace(/^::ffff:(?=\d+\.)|%.*$/g, '');
  const words = address.includes(':') ? parseIPv6(address) : undefined;
  return words === undefined ? address : formatIPv6([...words.slice(0, 4), 0, 0, 0, 0]);
}

function remember(results: Set<string>, key: string): void {
  results.add(key);
  const [oldest] = results;
  if (results.size > maxResults && oldest !== undefined) results.delete(oldest);
}

/**
 * A hash that no password of a user has, of the cost that a user's has: how long a check takes must not reveal which users
 * exist. Where their costs differ, which of them it is depends on the name, always in the same way.
 */
function hashOfNobody(user: string, users: ReadonlyMap<string, string>, secret: Buffer): string {
  const hashes = [...users.values()];
  const chosen = createHmac('sha256', secret).update(user).digest().readUInt32BE() % hashes.length;
  const [, cost = '10'] = /^\$2\w?\$(\d\d)\$/.exec(hashes[chosen] ?? '') ?? [];
  return `$2b$${cost}$fVQTUJL0TcRiR/.RdcFGVOJ8fZZGK0amYXGRHp8YUu6pJj/21jiCi`;
}
