import { describe, expect, it } from 'vitest';
import { createIpvsConnections } from '../../../src/collectors/ipvs-connections/ipvs-connections.ts';
import { createHost } from '../../machine.ts';
import { detail, machine } from '../ipvs-machine.ts';

const header = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n';
const row = (protocol: string, service: string, server: string, state = protocol, seconds = 200) =>
  `${protocol} 0A000001 C350 ${service} ${server} ${state} LOCAL ${seconds}\n`;

const web = '0A000065 0050';
const dns = '0A000065 0035';
const [first, second, gone] = ['0A00000B', '0A00000C', '0A00000D'];
const table = `TCP  0A000065:0050 rr
  -> 0A00000B:0050      Route   1      1          0
UDP  0A000065:0035 rr
  -> 0A00000B:0035      Masq    1      0          1
TCP  0A000065:0000 rr  persistent 30000 FFFFFFFF
  -> 0A00000C:0000      Route   1      1          0
`;

async function count(rows: string, services = table, ipvs = detail()): Promise<Record<string, number>> {
  const host = createHost(machine(services, { files: { '/proc/net/ip_vs_conn_sync': `${header}${rows}` }, ipvs }));
  const samples = await createIpvsConnections({ maxEntries: 100, maxSeconds: 2 }).collect(host);
  const wanted = /^ipvs_connections_without_real_server|^ipvs_connection_idle_entries/;
  return Object.fromEntries(
    samples
      .filter(({ metric }) => wanted.test(metric.name))
      .map(({ labels, value }) => [labels.protocol ?? 'idle', value]),
  );
}

describe('connections without a real server', () => {
  it.each([
    ['none where their server is there', row('TCP', web, `${first} 0050`, 'ESTABLISHED'), { tcp: 0, udp: 0 }],
    ['those whose server was removed', row('TCP', web, `${gone} 0050`, 'ESTABLISHED'), { tcp: 1, udp: 0 }],
    ['those whose server was removed from their service', row('UDP', dns, `${second} 0035`), { tcp: 0, udp: 1 }],
    ['those of another port of the server', row('UDP', dns, `${first} 0036`), { tcp: 0, udp: 1 }],
    [
      'none of a service for every port',
      row('TCP', '0A000065 01BB', `${second} 01BB`, 'ESTABLISHED'),
      { tcp: 0, udp: 0 },
    ],
    ['none that are closing', row('TCP', web, `${gone} 0050`, 'FIN_WAIT'), { tcp: 0, udp: 0 }],
    ['those of a service that was removed', row('UDP', '0A000066 0035', `${first} 0035`), { tcp: 0, udp: 1 }],
  ])('%s', async (_, rows, expected) => {
    expect(await count(rows)).toMatchObject(expected);
  });

  it('none of a firewall mark, which connections do not show', async () => {
    const marked = 'FWM  00000007 rr\n  -> 0A00000D:0000      Tunnel  1      0          0\n';
    expect(await count(row('UDP', dns, `${gone} 0035`), `${table}${marked}`)).toMatchObject({ udp: 0 });
    expect(await count(row('UDP', dns, '0A00000E 0035'), `${table}${marked}`)).toMatchObject({ udp: 1 });
  });

  it('none of a template, which holds no packets', async () => {
    const template = row('TCP', web, `${gone} 0050`, 'NONE').replace('C350', '0000');
    expect(await count(template)).toMatchObject({ tcp: 0 });
  });
});

describe('idle connections', () => {
  it('are established and used more than half of the timer', async () => {
    const rows = [900, 451, 449, 1].map((seconds) => row('TCP', web, `${first} 0050`, 'ESTABLISHED', seconds));
    const others = [row('TCP', web, `${first} 0050`, 'FIN_WAIT', 10), row('UDP', dns, `${first} 0035`, 'UDP', 10)];
    expect(await count([...rows, ...others].join(''))).toMatchObject({ idle: 2 });
  });
});
