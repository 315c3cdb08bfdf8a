import type { Node } from '../cluster/node.ts';
import { formatSeries } from '../cluster/series.ts';

const timeoutsPattern = /^Timeout \(tcp tcpfin udp\): (?<tcp>\d+) (?<fin>\d+) (?<udp>\d+)$/m;
const daemonPattern = /^(?<role>master|backup) sync daemon \(mcast=(?<interface>[^,]+), syncid=(?<syncId>\d+)/gm;

/** What ipvsadm reports about a node's timeouts and synchronisation daemons, as the series that the exporter should have. */
export async function readSetup(node: Node): Promise<Map<string, number>> {
  const timeouts = await node.run('ipvsadm', ['--list', '--timeout']);
  const daemons = await node.run('ipvsadm', ['--list', '--daemon']);
  return new Map([...readTimeouts(timeouts), ...readDaemons(daemons)]);
}

function readTimeouts(text: string): [name: string, value: number][] {
  const { tcp, fin, udp } = timeoutsPattern.exec(text)?.groups ?? {};
  if (tcp === undefined) throw new SyntaxError(`Cannot parse "${text}" of ipvsadm --list --timeout`);
  const name = (protocol: string, state: string) =>
    formatSeries({ name: 'ipvs_timeout_seconds', labels: { protocol, state } });
  return [
    [name('tcp', 'established'), Number(tcp)],
    [name('tcp', 'fin_wait'), Number(fin)],
    [name('udp', ''), Number(udp)],
  ];
}

function readDaemons(text: string): [name: string, value: number][] {
  const found = [...text.matchAll(daemonPattern)].map(({ groups = {} }) => groups);
  return [
    ...['master', 'backup'].map((role): [string, number] => [
      formatSeries({ name: 'ipvs_sync_daemon_running', labels: { role } }),
      found.filter((one) => one.role === role).length,
    ]),
    ...found.map(({ role = '', interface: device = '', syncId = '' }): [string, number] => [
      formatSeries({ name: 'ipvs_sync_daemon_info', labels: { role, interface: device, sync_id: syncId } }),
      1,
    ]),
  ];
}
