import { exporterPort } from '../cluster/exporter.ts';
import { repository } from '../cluster/folders.ts';
import { fetchText } from '../cluster/http.ts';
import { readRequests } from '../referees/netlink-requests.ts';
import type { Scenario } from '../scenario.ts';

const port = exporterPort + 1;

/** `$$` becomes strace's, which ends what it traces when it is ended. */
const traced = `
  echo $$ >/run/traced.pid
  exec strace -f --seccomp-bpf -x --trace=%network -o /run/trace "$0" ${repository}/dist/main.js --web.listen-address=:${port}`;

const expected = ['GET_SERVICE', 'GET_DEST', 'GET_DAEMON', 'GET_CONFIG'].map((name) => `IPVS_CMD_${name}`);

export const readOnly: Scenario = {
  name: 'read-only',
  shows: 'of all that netlink can do to IPVS and connection tracking, the exporter sends only requests that ask',
  run: async ({ node, see }) => {
    const shelf = node('shelf');
    shelf.start('bash', ['-c', traced, process.execPath]);
    await see(
      'an exporter on shelf has been scraped under strace',
      async () => {
        await fetchText(`http://${shelf.management}:${port}/-/ready`);
        return (await fetchText(`http://${shelf.management}:${port}/metrics`)).length;
      },
      (characters) => characters > 0,
      { withinSeconds: 240 },
    );
    await shelf.run('bash', ['-c', 'kill "$(</run/traced.pid)"']);
    await see(
      'it asked for services, real servers, daemons and timeouts of IPVS, and sent nothing that could change them',
      async () => readRequests(await shelf.run('cat', ['/run/trace'])),
      ({ asks, others }) => others.length === 0 && expected.every((name) => asks.includes(name)),
    );
  },
};
