import { describe, expect, it } from 'vitest';
import { collect, destination, detail, machine, service, traffic, web } from '../ipvs-machine.ts';

describe('ipvs.collect() of servers that come and go between its two readings', () => {
  const families = (lines: readonly string[]) =>
    lines.filter((line) => line.startsWith('ipvs_') && /server/.test(line)).sort();

  it('leaves out the counters of what only the file has', async () => {
    const alone = await collect(machine(web));
    const gone = await collect(machine(web, { ipvs: detail() }));
    expect(families(gone)).toEqual(families(alone));
  });

  it('has what the file leaves out and netlink has', async () => {
    const realServers = [
      destination('10.0.0.11', { weight: 3, activeConnections: 2, inactiveConnections: 5 }),
      destination('10.0.0.12', { forward: 'tunnel', activeConnections: 1 }),
    ];
    const ipvs = detail(service({ realServers }), service({ port: '81', realServers }));
    const whole = await collect(machine(`${web}${web.replace(':0050 sh', ':0051 sh')}`, { ipvs }));
    expect(await collect(machine(web, { ipvs }))).toEqual(whole);
  });

  it('takes a row that comes twice as one', async () => {
    expect(await collect(machine(`${web}${web}`))).toEqual(await collect(machine(web)));
  });
});

describe('ipvs.collect() of firewall-mark services', () => {
  const v4 = 'FWM  00000064 wlc \n  -> 0A00000B:0000      Route   1      0          0\n';
  const v6 = 'FWM  00000064 rr \n  -> [fd00:0010:0000:0000:0000:0000:0000:0011]:0000 Route 2 0 0\n';
  const both = detail(
    service({ family: 'ipv6', protocol: '', address: '', port: '', fwmark: '100', traffic: traffic(6) }),
    service({ family: 'ipv4', protocol: '', address: '', port: '', fwmark: '100', traffic: traffic(4) }),
  );
  const of = (metric: string, lines: readonly string[]) => lines.filter((line) => line.startsWith(`${metric}{`));
  const mark = 'protocol="",address="",port="",fwmark="100"';

  it.each([undefined, both])('keeps the IPv4 and the IPv6 one with the same mark apart', async (ipvs) => {
    const lines = await collect(machine(`${v6}${v4}`, ipvs && { ipvs }));
    expect(of('ipvs_virtual_server_weight', lines)).toEqual([
      `ipvs_virtual_server_weight{${mark},family="ipv6"} 2`,
      `ipvs_virtual_server_weight{${mark},family="ipv4"} 1`,
    ]);
    const counted = ipvs ? [`{${mark},family="ipv6"} 6`, `{${mark},family="ipv4"} 4`] : [];
    expect(of('ipvs_virtual_server_connections_total', lines)).toEqual(
      counted.map((series) => `ipvs_virtual_server_connections_total${series}`),
    );
  });

  it('has the one that the file leaves out', async () => {
    const lines = await collect(machine(v4, { ipvs: both }));
    expect(of('ipvs_virtual_server_connections_total', lines)).toEqual([
      `ipvs_virtual_server_connections_total{${mark},family="ipv4"} 4`,
      `ipvs_virtual_server_connections_total{${mark},family="ipv6"} 6`,
    ]);
  });

  it('learns the family of an empty one over netlink, and otherwise leaves it out', async () => {
    const empty = 'FWM  00000064 wlc \n';
    const [, only] = both.services;
    const known = await collect(machine(empty, only && { ipvs: detail(only) }));
    expect(of('ipvs_virtual_server_weight', known)).toEqual([`ipvs_virtual_server_weight{${mark},family="ipv4"} 0`]);
    expect(of('ipvs_virtual_server_weight', await collect(machine(empty)))).toEqual([
      `ipvs_virtual_server_weight{${mark}} 0`,
    ]);
  });

  it('gives the counters of each where both are empty, in the order of the file', async () => {
    const empty = 'FWM  00000064 wlc \n';
    const lines = await collect(machine(`${empty}${empty}`, { ipvs: both }));
    expect(of('ipvs_virtual_server_connections_total', lines)).toEqual([
      `ipvs_virtual_server_connections_total{${mark},family="ipv6"} 6`,
      `ipvs_virtual_server_connections_total{${mark},family="ipv4"} 4`,
    ]);
  });
});
