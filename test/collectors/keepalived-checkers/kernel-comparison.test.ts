import { describe, expect, it } from 'vitest';
import { keepalivedDumps } from '../../../src/collectors/keepalived/dumps.ts';
import { compareWithKernel } from '../../../src/collectors/keepalived-checkers/kernel-comparison.ts';
import { ipvsComparisonMetrics } from '../../../src/collectors/keepalived-checkers/metrics.ts';
import type { Keepalived } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import type { IpvsDetail } from '../../../src/netlink/ipvs/ipvs.ts';
import { checkRecordings, readCheckFixture } from '../../keepalived/check-fixtures.ts';
import { createHost, type Machine } from '../../machine.ts';
import { detail, service } from '../ipvs-machine.ts';

const recorded = readCheckFixture('2.4.3', 'keepalived_check.data');
const table = readCheckFixture('2.4.3', 'ip_vs');

function keepalivedWith(text: string, others: Partial<Keepalived> = {}): Keepalived {
  return { daemon: '', running: true, dumps: { check: { text, modifiedSeconds: 7 } }, ...others };
}

const limited = 'lvs_exporter_series_limited{collector="keepalived-dumps"}';

interface Moments {
  readonly check?: string;
  readonly before?: string;
  readonly after?: string;
  readonly others?: Machine;
}

/** The samples when the table is `before`, then keepalived writes its dump, then the table is `after`. */
async function compare({ check = recorded, before = table, after = before, others = {} }: Moments): Promise<string[]> {
  let text = before;
  const host = createHost({ keepalived: [keepalivedWith(check)], ...others });
  const readFile = async (path: string) => (path === '/proc/net/ip_vs' ? text : host.readFile(path));
  const samples = await compareWithKernel({ ...host, readFile }, keepalivedDumps.name, async () => {
    text = after;
  });
  const lines = (await render(samples, 'text')).split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#') && line !== `${limited} 0`)
    .map((line) => line.replaceAll('keepalived_', ''));
}

/** The rows of /proc/net/ip_vs. */
const web = 'TCP  0A09006E:0050 wrr  \n';
const first = '  -> 0A09000B:0050      Route   3      0          0         \n';
const second = '  -> 0A09000C:0050      Route   0      0          0         \n';
const webRows = web + second + first;
const labels = 'protocol="tcp",address="10.9.0.110",port="80",fwmark=""';
const real = (number: number, forward = 'direct') =>
  `real_server_disagreement{${labels},real_address="10.9.0.${number}",real_port="80",forward="${forward}"`;

function tableWith(rows: string): string {
  if (!table.includes(webRows)) throw new Error(`Expected the table to have ${webRows}`);
  return table.replace(webRows, rows);
}

describe('compareWithKernel()', () => {
  it.each(checkRecordings)(
    'finds that keepalived and the kernel agreed when they were recorded: %s',
    async (folder) => {
      const check = readCheckFixture(folder, 'keepalived_check.data');
      expect(await compare({ check, before: readCheckFixture(folder, 'ip_vs') })).toEqual(['ipvs_disagreements 0']);
    },
  );

  describe('of virtual servers that share a group, which is one service of the kernel', () => {
    const check = readCheckFixture('2.4.3-shared', 'keepalived_check.data');
    const before = readCheckFixture('2.4.3-shared', 'ip_vs');
    const second = '  -> 0A09000D:0050      Route   0      0          0         \n';
    const shared = 'protocol="tcp",address="10.9.0.100",port="80",fwmark=""';
    const ofShared = (number: number) =>
      `real_server_disagreement{${shared},real_address="10.9.0.${number}",real_port="80",forward="direct"`;

    it('finds that keepalived and the kernel agreed when they were recorded', async () => {
      expect(await compare({ check, before })).toEqual(['ipvs_disagreements 0']);
    });

    it('reports a real server of the second that the kernel lacks, and one of none', async () => {
      const lacking = await compare({ check, before: before.replace(second, '') });
      const strange = await compare({ check, before: before.replace(second, second + second.replace('0D', '63')) });
      expect(lacking).toEqual(['ipvs_disagreements 1', `${ofShared(13)},reason="missing"} 1`]);
      expect(strange).toEqual(['ipvs_disagreements 1', `${ofShared(99)},reason="unmanaged"} 1`]);
    });

    it('reports once that the kernel lacks the service', async () => {
      const rows = /^TCP {2}0A090064:.*\n( {2}-> .*\n)*/m;
      const lacking = await compare({ check, before: before.replace(rows, '') });
      expect(lacking).toEqual(['ipvs_disagreements 1', `virtual_server_disagreement{${shared},reason="missing"} 1`]);
    });

    it('expects nothing of a real server that one of them has up and another one down', async () => {
      const both = check
        .replace('RIP = 10.9.0.12', 'RIP = 10.9.0.13')
        .replace('[shared]:0 -> [10.9.0.12]', '[shared]:0 -> [10.9.0.13]');
      expect(await compare({ check: both, before })).toEqual(['ipvs_disagreements 0']);
    });
  });

  it.each([
    ['lacks a real server', web + second, [`${real(11)},reason="missing"} 1`]],
    [
      'has one that keepalived took out',
      `${webRows}${first.replace('0B', '0D')}`,
      [`${real(13)},reason="unwanted"} 1`],
    ],
    [
      'has one that keepalived does not have',
      `${webRows}${first.replace('0B', '63')}`,
      [`${real(99)},reason="unmanaged"} 1`],
    ],
    [
      'has one with another port',
      `${webRows}${first.replace('0050', '1F90')}`,
      [`${real(11).replace('"80",forward', '"8080",forward')},reason="unmanaged"} 1`],
    ],
    ['gives one another weight', web + first.replace(' 3 ', ' 9 ') + second, [`${real(11)},reason="weight"} 1`]],
    [
      'gives weight to one that is inhibited',
      web + first + second.replace(' 0 ', ' 2 '),
      [`${real(12)},reason="weight"} 1`],
    ],
    ['forwards to one otherwise', web + first.replace('Route', 'Masq ') + second, [`${real(11)},reason="forward"} 1`]],
    ['calls one local', web + first.replace('Route', 'Local') + second, []],
    [
      'gives one another weight and forwards to it otherwise',
      web + first.replace('Route   3', 'Tunnel  4') + second,
      [`${real(11)},reason="weight"} 1`, `${real(11)},reason="forward"} 1`],
    ],
    ['lacks a virtual server', '', [`virtual_server_disagreement{${labels},reason="missing"} 1`]],
    [
      'has a virtual server that keepalived does not have',
      `${webRows}TCP  0A090001:0050 rr  \n${first}`,
      [`virtual_server_disagreement{${labels.replace('110', '1')},reason="unmanaged"} 1`],
    ],
  ])('reports that the kernel %s', async (_, rows, expected) => {
    const found = await compare({ before: tableWith(rows) });
    expect(found).toEqual([`ipvs_disagreements ${expected.length}`, ...expected]);
  });

  it.each<[string, Record<string, string>, number]>([
    ['ldirectord', { '/proc/77/comm': 'ldirectord\n' }, 0],
    ['kube-proxy', { '/proc/net/dev': 'Inter-|\n face |\nkube-ipvs0: 1 2\n' }, 0],
    ['nothing else', { '/proc/77/comm': 'keepalived\n', '/proc/net/dev': 'Inter-|\n face |\neth0: 1 2\n' }, 1],
  ])('takes virtual servers that keepalived does not have for those of %s that runs', async (_, files, expected) => {
    const others = { keepalived: [keepalivedWith(recorded)], files };
    const found = await compare({ before: tableWith(`${webRows}TCP  0A090001:0050 rr  \n${first}`), others });
    expect(found[0]).toBe(`ipvs_disagreements ${expected}`);
    const changed = await compare({ before: tableWith(web + first), others });
    expect(changed).toEqual(['ipvs_disagreements 1', `${real(12)},reason="missing"} 1`]);
  });

  it.each([
    ['adds it', web + second, webRows],
    ['took it away', webRows, web + second],
    ['gives it another weight', web + first.replace(' 3 ', ' 9 ') + second, webRows],
    ['replaces it by another', web + second, web + first.replace(' 3 ', ' 9 ') + second],
  ])('does not report a server that differs because keepalived %s meanwhile', async (_, before, after) => {
    expect(await compare({ before: tableWith(before), after: tableWith(after) })).toEqual(['ipvs_disagreements 0']);
  });

  it('reports each service of a group', async () => {
    const rows = /^TCP {2}0A090064:0050 rr {2}\n(.*\n)/m.exec(table);
    const found = await compare({ before: table.replaceAll(rows?.[1] ?? '', '') });
    expect(found.map((line) => /address="([^"]+)".*reason="(.*)"/.exec(line)?.slice(1))).toEqual([
      undefined,
      ...['10.9.0.100', '10.9.0.101', '10.9.0.102', '10.9.0.103', 'fd00:9::101', 'fd00:9::102', 'fd00:9::103'].map(
        (address) => [address, 'missing'],
      ),
    ]);
  });

  it('takes no service for missing that netlink has and the file leaves out', async () => {
    const before = table.replace(/^(FWM {2}00000007|TCP {2}0A09006E:0050) .*\n( {2}-> .*\n)*/gm, '');
    const web = service({ address: '10.9.0.110', port: '80' });
    const mark = service({ protocol: '', address: '', port: '', fwmark: '7' });
    const missing = [expect.stringMatching(/address="10.9.0.110"/), expect.stringMatching(/fwmark="7"/)];
    const [first, second] = missing;
    const compareWith = (ipvs?: IpvsDetail) => compare({ before, others: ipvs ? { ipvs } : {} });
    expect(await compareWith()).toEqual(['ipvs_disagreements 2', ...missing]);
    expect(await compareWith(detail(web))).toEqual(['ipvs_disagreements 1', second]);
    expect(await compareWith(detail(mark))).toEqual(['ipvs_disagreements 1', first]);
    expect(await compareWith(detail({ ...web, port: '81' }, { ...mark, family: 'ipv6' }))).toHaveLength(3);
    expect(await compareWith(detail(web, mark))).toEqual(['ipvs_disagreements 0']);
  });

  it('reports firewall marks with their family', async () => {
    const found = await compare({ before: table.replace(/^(FWM {2}00000007 .*\n) {2}-> .*\n/m, '$1') });
    expect(found).toEqual([
      'ipvs_disagreements 1',
      'real_server_disagreement{protocol="",address="",port="",fwmark="7",family="ipv4",real_address="10.9.0.11",real_port="0",forward="tunnel",reason="missing"} 1',
    ]);
  });

  it('reports nothing about a sorry server that is a real server as well, and of the weight of one in use', async () => {
    const check = recorded.replace('sorry server = [10.9.0.14]', 'sorry server (duplicates rs) = [10.9.0.13]');
    const rows = '  -> 0A09000E:01BB      Route   1      0          0         \n';
    const double = '  -> 0A09000D:01BB      Route   0      0          0         \n';
    expect(table.split(rows)).toHaveLength(3);
    for (const row of ['', double, double.replace('Route   0', 'Masq    9')]) {
      const before = table.replace(double, row).replace(rows, '');
      expect(await compare({ check, before })).toEqual(['ipvs_disagreements 0']);
    }
    expect(await compare({ before: table.replaceAll(rows, rows.replace(' 1 ', ' 7 ')) })).toEqual([
      'ipvs_disagreements 0',
    ]);
    expect(await compare({ before: table.replaceAll(rows, '') })).toEqual([
      'ipvs_disagreements 2',
      expect.stringMatching(/address="10.9.0.120".*real_address="10.9.0.14".*reason="missing"/),
      expect.stringMatching(/address="10.9.0.121".*real_address="10.9.0.14".*reason="missing"/),
    ]);
  });

  it('expects real servers that are inhibited to have no weight while a sorry server has their place', async () => {
    const [head = '', server = '', ...others] = recorded.split(/(?=VS VIP = 10.9.0.121, VPORT = 443)|(?=VS GROUP)/);
    const check = [head, server.replace('RS set = 0', 'RS set = 1'), ...others].join('');
    const rows = /^TCP {2}0A090079:01BB .*\n/m.exec(table)?.[0] ?? '';
    const row = '  -> 0A09000B:01BB      Route   0      0          0         \n';
    expect(await compare({ check, before: table.replace(rows, rows + row) })).toEqual(['ipvs_disagreements 0']);
    expect(await compare({ check, before: table.replace(rows, rows + row.replace(' 0 ', ' 1 ')) })).toEqual([
      'ipvs_disagreements 1',
      expect.stringMatching(/address="10.9.0.121".*real_address="10.9.0.11".*reason="weight"/),
    ]);
  });

  it.each([
    ['absent', ''],
    ['there, with other real servers', `${web}${first.replace('0B', '63')}`],
  ])('reports nothing about a service that keepalived has not given to the kernel, when it is %s', async (_, rows) => {
    const check = recorded.replace('VS alive = 1', 'VS alive = 0');
    expect(await compare({ check, before: tableWith(rows) })).toEqual(['ipvs_disagreements 0']);
  });

  it('distinguishes the two services of a firewall mark by the family of their real servers', async () => {
    const [, server = ''] =
      /( ------< Virtual server >------\n VS FWMARK = 7\n[^<]*?)(?= {3}------< Real)/.exec(recorded) ?? [];
    const check = recorded.replace('------< Health', `${server.replace('= inet\n', '= inet6\n')}------< Health`);
    const mark = /^FWM {2}00000007 .*\n/m.exec(table)?.[0] ?? '';
    const rows = [
      '  -> [fd00:0009:0000:0000:0000:0000:0000:0063]:0000      Route   1      0          0         \n',
      '  -> 0A090063:0000      Route   1      0          0         \n',
    ];
    const found = await compare({ check, before: table.replace(mark, mark + rows.join('')) });
    expect(found.map((line) => /family="(\w+)",real_address="([^"]+)"/.exec(line)?.slice(1))).toEqual([
      undefined,
      ['ipv6', 'fd00:9::63'],
      ['ipv4', '10.9.0.99'],
    ]);
  });

  it('reports a thousand at most, counts them all, and exports how many are missing', async () => {
    const rows = Array.from({ length: 1200 }, (_, index) =>
      first.replace('0A09', (0x0b00 + index).toString(16).padStart(4, '0').toUpperCase()),
    );
    const found = await compare({ before: tableWith(webRows + rows.join('')) });
    expect(found.slice(0, 2)).toEqual(['ipvs_disagreements 1200', `${limited} 200`]);
    expect(found).toHaveLength(1002);
  });

  it.each<[string, Moments]>([
    ['there is no keepalived', { others: { keepalived: [] } }],
    ['keepalived has no virtual servers', { check: '------< Global definitions >------\n' }],
    ['keepalived does not run', { others: { keepalived: [keepalivedWith(recorded, { running: false })] } }],
    [
      'keepalived manages another network namespace',
      { check: recorded.replace('ipvs = (main namespace)', 'ipvs = lvs') },
    ],
  ])('reports nothing where %s', async (_, moments) => {
    expect(await compare({ before: tableWith(''), ...moments })).toEqual([]);
  });

  it('reports nothing where the kernel has no IPVS', async () => {
    const host = createHost({ keepalived: [keepalivedWith(recorded)] });
    expect(await compareWithKernel(host, keepalivedDumps.name, async () => {})).toEqual([]);
  });

  it('counts a service that another keepalived manages as managed', async () => {
    const [head = '', ...servers] = recorded.split(/(?= ------< Virtual server >------\n)|(?=------< Health)/);
    const keepalived = [servers.slice(0, 4), servers.slice(4, -1)].map((some) =>
      keepalivedWith([head, ...some].join('')),
    );
    expect(await compare({ others: { keepalived } })).toEqual(['ipvs_disagreements 0']);
  });

  it('leaves out a keepalived that manages another network namespace, and compares the others', async () => {
    const other = keepalivedWith(
      recorded.replace('ipvs = (main namespace)', 'ipvs = lvs').replaceAll('10.9.', '10.8.'),
    );
    const keepalived = [keepalivedWith(recorded), other];
    expect(await compare({ others: { keepalived } })).toEqual(['ipvs_disagreements 0']);
    expect(await compare({ before: tableWith(web + second), others: { keepalived } })).toEqual([
      'ipvs_disagreements 1',
      `${real(11)},reason="missing"} 1`,
    ]);
  });

  it('fails as the request for dumps does, which it makes even if the table cannot be read', async () => {
    const host = createHost({ keepalived: [keepalivedWith(recorded)], files: { '/proc/net/ip_vs': 'x\n' } });
    let asked = 0;
    const ask = async () => {
      asked++;
    };
    await expect(compareWithKernel(host, keepalivedDumps.name, ask)).rejects.toThrow(
      /^\/proc\/net\/ip_vs: Cannot parse line 1: /,
    );
    expect(asked).toBe(1);
    const refusal = new Error('Expected keepalived to write its dumps');
    await expect(compareWithKernel(host, keepalivedDumps.name, () => Promise.reject(refusal))).rejects.toBe(refusal);
  });

  it('declares every metric that it gives', async () => {
    const lines = [...(await compare({ before: tableWith('') })), ...(await compare({ before: tableWith(web) }))];
    const names = lines.map((line) => `keepalived_${line.split(/[ {]/)[0]}`);
    expect([...new Set(names)].sort()).toEqual(ipvsComparisonMetrics.map(({ name }) => name).sort());
  });
});
