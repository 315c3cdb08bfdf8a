import { readFile } from 'node:fs/promises';
import { repository } from '../cluster/folders.ts';
import { type Lab, observed } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

export const secrets: Scenario = {
  name: 'secrets',
  shows: "no scrape contains keepalived's VRRP password, the token of its checkers or a client's address",
  run: async (lab) => {
    const configuration = await readFile(`${repository}/lab/etc/keepalived.conf`, 'utf8');
    const [password, token] = [/auth_pass (\S+)/, /token=(\S+)/].map((pattern) => pattern.exec(configuration)?.[1]);
    if (password === undefined || token === undefined) {
      throw new SyntaxError('Cannot find auth_pass and a token in keepalived.conf');
    }
    const clientAddress = lab.node('client').address;
    const secret = new RegExp(`${password}|${token}|\\b${clientAddress.replaceAll('.', '\\.')}\\b`, 'g');
    for (const name of observed) await seeNoSecret(lab, name, secret);
  },
};

async function seeNoSecret({ exporter, see }: Lab, name: string, secret: RegExp): Promise<void> {
  await see(
    `the scrape of ${name} contains no secret`,
    async () => {
      const text = await exporter(name).text();
      return { characters: text.length, found: text.match(secret) ?? [] };
    },
    ({ found }) => found.length === 0,
  );
}
