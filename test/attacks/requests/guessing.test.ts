import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { labRecordings } from '../../fixtures.ts';
import { type Program, startProgram } from '../../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvs-guessing-'));
const file = join(folder, 'web.yml');
let program: Program;

beforeEach(async () => {
  writeFileSync(file, `basic_auth_users: { alice: "${hashSync('right', 4)}" }\n`);
  program = await startProgram(`--web.config.file=${file}`, `--replay=${labRecordings}/director1`);
});

afterEach(async () => {
  program.process.kill();
  await program.ended;
  rmSync(folder, { recursive: true });
});

async function scrapeAs(user: string, password: string, agent: Agent): Promise<number | undefined> {
  const options = {
    port: program.address.port,
    host: '127.0.0.1',
    path: '/metrics',
    auth: `${user}:${password}`,
    agent,
  };
  const [answer] = await once(get(options), 'response');
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

it('guesses in 50 connections, from the same address: a client whose password is right has its turn, and is known then', async () => {
  const agent = new Agent({ keepAlive: true });
  const guessed = new Set<number | undefined>();
  let isOver = false;
  const guessers = Array.from({ length: 50 }, async (_, n) => {
    for (let guess = 0; !isOver; guess++) {
      guessed.add(await scrapeAs(n % 2 ? 'alice' : `user ${n}`, `guess ${n} ${guess}`, agent));
    }
  });
  const own = new Agent({ keepAlive: true });
  // Not known yet: it waits for those that came before.
  const outcomes = [await scrapeAs('alice', 'right', own)];
  for (let n = 0; n < 10; n++) outcomes.push(await scrapeAs('alice', 'right', own));
  isOver = true;
  await Promise.all(guessers);
  agent.destroy();
  own.destroy();
  expect(new Set(outcomes)).toEqual(new Set([200]));
  expect(guessed).toEqual(new Set([401]));
});
