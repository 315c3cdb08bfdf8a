import { describe, expect, it } from 'vitest';
import { keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import { readDump } from '../../keepalived/fixtures.ts';
import { createHost, type Machine, systemError } from '../../machine.ts';
import { addresses, collectFrom, dump, web } from './collected.ts';

describe('keepalived.collect() of virtual addresses', () => {
  it('reports about every address whether the kernel has it where it belongs, and where else it is', async () => {
    const dumps = { json: dump('2.2.7/master', 'json', 1) };
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses });
    const web6 = 'instance_name="VI_web6",interface="eth0",vrid="51",family="ipv6"';
    const db = 'instance_name="VI_db",interface="vrrp.52",vrid="52",family="ipv4"';
    const mail = 'instance_name="VI_mail",interface="eth0",vrid="53",family="ipv4"';
    expect(lines.filter((line) => line.startsWith('keepalived_vrrp_address'))).toEqual([
      `keepalived_vrrp_address_bound{${web},address="10.9.0.100"} 1`,
      `keepalived_vrrp_address_bound{${web},address="10.9.0.101"} 0`,
      `keepalived_vrrp_address_bound{${web},address="10.9.0.102"} 1`,
      `keepalived_vrrp_address_bound{${web6},address="fe80::9:100"} 1`,
      `keepalived_vrrp_address_bound{${web6},address="fd00:9::100"} 1`,
      `keepalived_vrrp_address_bound{${db},address="10.9.0.120"} 0`,
      `keepalived_vrrp_address_bound{${mail},address="10.9.0.130"} 0`,
      `keepalived_vrrp_address_elsewhere_info{${web},address="10.9.0.100",device="lo"} 1`,
      `keepalived_vrrp_address_elsewhere_info{${db},address="10.9.0.120",device="eth0"} 1`,
    ]);
    expect(lines).toContain('lvs_exporter_source_info{collector="keepalived",source="netlink"} 1');
  });

  it('reports where the addresses of a keepalived are that does not run: it may have left them', async () => {
    const dumps = { json: dump('2.2.7/master', 'json', 1) };
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: false, dumps }], addresses });
    expect(lines).toContain(`keepalived_vrrp_address_bound{${web},address="10.9.0.100"} 1`);
  });

  it("takes the instance's interface where the dump names none for an address", async () => {
    const dumps = { json: dump('2.0.10', 'json', 1) };
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses });
    expect(lines).toContain(`keepalived_vrrp_address_bound{${web},address="10.9.0.100"} 1`);
  });

  it('takes from the data where an address is set, if JSON does not have it: keepalived before 2.0.11', async () => {
    const data = readDump('2.0.10', 'data').replace('10.9.0.101/32 dev eth0', '10.9.0.101/32 dev lo');
    const dumps = { json: dump('2.0.10', 'json', 2), data: { text: data, modifiedSeconds: 1 } };
    const present = [...addresses, { interface: 'lo', address: '10.9.0.101' }];
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses: present });
    expect(lines.filter((line) => /^keepalived_vrrp_address.*10\.9\.0\.101"/.test(line))).toEqual([
      `keepalived_vrrp_address_bound{${web},address="10.9.0.101"} 1`,
    ]);
  });

  it('has an address of which there are two bound where the kernel has it on both interfaces', async () => {
    const json = JSON.parse(readDump('2.2.7/master', 'json'));
    json[0].data.vips = ['10.9.0.100/24 dev eth0', '10.9.0.100/32 dev lo'];
    const dumps = { json: { text: JSON.stringify(json.slice(0, 1)), modifiedSeconds: 1 } };
    const at = async (present: Machine['addresses']) =>
      (await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses: present ?? [] })).filter(
        (line) => /^keepalived_vrrp_address.*10\.9\.0\.100"/.test(line),
      );
    const bound = `keepalived_vrrp_address_bound{${web},address="10.9.0.100"}`;
    expect(await at(addresses)).toEqual([`${bound} 1`]);
    expect(await at(addresses.slice(1))).toEqual([`${bound} 0`]);
  });

  it.each(['EPERM', 'EAFNOSUPPORT', 'ENOSYS'])('leaves the addresses out where netlink fails with %s', async (code) => {
    const dumps = { json: dump('2.2.7/master', 'json', 1) };
    const failing = { keepalived: [{ daemon: '', running: true, dumps }], addresses: systemError(code, 'no') };
    expect((await collectFrom(failing)).filter((line) => /^keepalived_vrrp_address|netlink/.test(line))).toEqual([]);
  });

  it('fails where netlink fails otherwise', async () => {
    const failing = createHost({ keepalived: [], addresses: systemError('ENOBUFS', 'no') });
    await expect(keepalived.collect(failing)).rejects.toMatchObject({ cause: { code: 'ENOBUFS' } });
  });
});
