import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../../log/log.ts';
import { logMessages } from '../../log/messages.ts';
import { createPasswordChecker, type PasswordChecker, type PasswordVerdict } from './password.ts';
import type { RequestRules } from './store.ts';

/**
 * Lets only those requests through to an application that its web configuration allows. `read` gives none while it cannot be
 * read.
 */
export function guard(app: RequestListener, read: () => RequestRules | undefined, log: Log): RequestListener {
  const passwords = createPasswordChecker();
  const bucket = createTokenBucket();

  return (request, response) => {
    const config = read();
    if (!config) return refuse(response, 500, 'the web configuration cannot be read: see the log');
    for (const [name, value] of Object.entries(config.headers)) response.setHeader(name, value);
    if (config.rateLimit && !bucket.take(config.rateLimit)) return refuse(response, 429, 'too many requests');
    if (config.users.size === 0) return app(request, response);
    checkUser(request, config, passwords).then(
      (outcome) => {
        if (outcome === 'right') return app(request, response);
        if (outcome === 'busy') return refuse(response, 503, 'too many passwords to check');
        return refuse(response.setHeader('WWW-Authenticate', 'Basic'), 401, 'unauthorized');
      },
      (error: unknown) => {
        log.error({ error: String(error) }, logMessages.passwordCheckFailed);
        refuse(response, 500, 'internal error');
      },
    );
  };
}

async function checkUser(
  request: IncomingMessage,
  { users }: RequestRules,
  passwords: PasswordChecker,
): Promise<PasswordVerdict> {
  const [, encoded] = /^Basic +([A-Za-z\d+/]+=*)$/i.exec(request.headers.authorization ?? '') ?? [];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  if (user === undefined || password === undefined) return 'wrong';
  return passwords.check(user, password, users, request.socket.remoteAddress ?? '');
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8').end(`${text}\n`);
}

/** Lets `burst` requests through at once and one more each `interval` seconds. */
export function createTokenBucket(now: () => number = () => performance.now() / 1000) {
  let tokens: number | undefined;
  let filledAt = now();
  return {
    /** Whether one more request is allowed. */
    take({ interval, burst }: { readonly interval: number; readonly burst: number }): boolean {
      const at = now();
      tokens = Math.min(burst, (tokens ?? burst) + (at - filledAt) / interval);
      filledAt = at;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
