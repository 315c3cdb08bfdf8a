import { readFile } from 'node:fs/promises';
import { logMessages } from '../../src/log/messages.ts';
import { diagnoseNode } from '../cluster/diagnosis.ts';
import { exporterPort } from '../cluster/exporter.ts';
import { logFolder, repository } from '../cluster/folders.ts';
import { fetchText } from '../cluster/http.ts';
import { sendRequests } from '../cluster/load.ts';
import type { Node } from '../cluster/node.ts';
import { type Lab, observed } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

export const secrets: Scenario = {
  name: 'secrets',
  shows:
    "nothing that leaves a machine has keepalived's VRRP password, the token of its checkers or a client's address",
  run: async (lab) => {
    const { exporter, node, vip } = lab;
    const secret = await describeSecrets(node('client'));
    const seeNoSecret = seeNone(lab, secret);
    await sendRequests(node('client'), `http://${vip}/`, [{ perSecond: 5, seconds: 1 }]);
    const director1 = node('director1');
    await Promise.all([
      seeNoSecret('a recording of director1', '/keepalived/keepalived.check:', () => record(director1)),
      seeNoSecret('what diagnose prints on director1', 'findings', async () =>
        JSON.stringify((await diagnoseNode(director1, '--duration=1s')).report),
      ),
    ]);
    for (const name of observed) {
      await seeNoSecret(`the scrape of ${name}`, 'lvs_exporter_build_info', () => exporter(name).text());
      const page = `http://${node(name).management}:${exporterPort}/`;
      await seeNoSecret(`the status page of ${name}`, '</html>', () => fetchText(page));
      await seeNoSecret(`the log of ${name}`, logMessages.collectorWorks, () =>
        readFile(`${logFolder}/${name}-node.log`, 'utf8'),
      );
    }
  },
};

/** In a recording addresses stand in hexadecimal digits as well. */
async function describeSecrets({ address }: Node): Promise<RegExp> {
  const configuration = await readFile(`${repository}/lab/etc/keepalived.conf`, 'utf8');
  const [password, token] = [/auth_pass (\S+)/, /token=(\S+)/].map((pattern) => pattern.exec(configuration)?.[1]);
  if (password === undefined || token === undefined) {
    throw new SyntaxError('Cannot find auth_pass and a token in keepalived.conf');
  }
  const hex = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return new RegExp(`${password}|${token}|\\b${address.replaceAll('.', '\\.')}\\b|\\b${hex.join('')}\\b`, 'gi');
}

/** `landmark` is in every such text. */
function seeNone({ see }: Lab, secret: RegExp) {
  return (what: string, landmark: string, read: () => Promise<string>) =>
    see(
      `${what} contains no secret`,
      async () => {
        const text = await read();
        return { characters: text.length, isWhole: text.includes(landmark), found: text.match(secret) ?? [] };
      },
      ({ isWhole, found }) => isWhole && found.length === 0,
    );
}

/** What the command prints, and its files, each line after the name of its file. */
async function record(node: Node): Promise<string> {
  const directory = '/tmp/searched';
  const words = ['record', directory, '--interval=1s', '--duration=1s', '--collector.ipvs-connections'];
  const script = 'rm -rf "$0" && "$@" 2>&1 && grep --recursive --text "" "$0" && rm -r "$0"';
  return node.run('bash', ['-c', script, directory, process.execPath, `${repository}/dist/main.js`, ...words]);
}
