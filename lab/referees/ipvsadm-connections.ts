import type { Node } from '../cluster/node.ts';
import { formatSeries } from '../cluster/series.ts';

/** `TCP 01:57  FIN_WAIT    10.0.0.10:50130    10.0.0.100:80      10.0.0.11:80` */
const entryPattern = /^(?<protocol>[A-Z]\w*) +\d+:\d+ +(?<state>\S+) +\S+:(?<port>\d+) +\S+:\d+ +\S+:\d+ *$/;

/** What `ipvsadm -Lnc` has of each class, as the series that the exporter of a director without peers should have. */
export async function readConnections(node: Node): Promise<Map<string, number>> {
  const [, , ...lines] = (await node.run('ipvsadm', ['--list', '--numeric', '--connection'])).trimEnd().split('\n');
  const series = new Map<string, number>();
  for (const line of lines) {
    const name = readEntry(line);
    series.set(name, (series.get(name) ?? 0) + 1);
  }
  return series;
}

function readEntry(line: string): string {
  const { protocol, state = '', port } = entryPattern.exec(line)?.groups ?? {};
  if (protocol === undefined) throw new SyntaxError(`Cannot parse line "${line}" of ipvsadm --list --connection`);
  const name = port === '0' ? 'ipvs_connection_templates' : 'ipvs_connection_entries';
  const labels = {
    protocol: protocol.toLowerCase(),
    state: state === 'UDP' ? '' : state.toLowerCase(),
    origin: 'local',
  };
  return formatSeries({ name, labels });
}
