/** Records what Open vSwitch, OVN and iptables report for test/fixtures/openstack: `sudo npx tsx test/openstack/record.ts`. */
import { writeFileSync } from 'node:fs';
import { readOpenVSwitch } from '../../src/host/ovsdb.ts';
import { createNamespace } from '../netlink/namespace.ts';
import { neutronChain, neutronRules } from './neutron-rules.ts';
import {
  makeOvnNetwork,
  plug,
  plugDhcp,
  ports,
  startVirtualSwitch,
  tag,
  type VirtualSwitch,
  waitForZones,
} from './virtual-switch.ts';

function write(name: string, text: string): void {
  writeFileSync(new URL(`../fixtures/openstack/${name}`, import.meta.url), text);
}

async function recordSwitch(name: string, prepare: (machine: VirtualSwitch) => void): Promise<void> {
  const machine = startVirtualSwitch();
  try {
    prepare(machine);
    write(name, await readOpenVSwitch(machine.socket));
  } finally {
    machine.stop();
  }
}

function recordRawTables(): void {
  const namespace = createNamespace('raw');
  try {
    const [director, mail] = ports.map(({ id }) => id.slice(0, 11));
    for (const iptables of ['iptables-nft', 'ip6tables-nft']) {
      const rules = [
        ...neutronChain(iptables),
        ...neutronRules(iptables, director ?? '', '--zone 4097'),
        ...neutronRules(iptables, mail ?? '', '--zone 4098'),
        ...neutronRules(iptables, '0badcafe-00', '--notrack'),
      ];
      for (const rule of rules) namespace.run('bash', '-c', rule);
    }
    const saved = ['iptables', 'ip6tables'].map((program) => namespace.run(`${program}-nft-save`, '-t', 'raw'));
    write('iptables-raw.txt', saved.join(''));
  } finally {
    namespace.remove();
  }
}

recordRawTables();
await recordSwitch('hybrid.json', (machine) => {
  for (const port of ports) tag(machine, plug(machine, 'qvo', port), 3);
  tag(machine, plugDhcp(machine), 3);
});
await recordSwitch('openvswitch.json', (machine) => {
  for (const port of ports) tag(machine, plug(machine, 'tap', port), 3);
  tag(machine, plugDhcp(machine), 3);
});
await recordSwitch('ovn.json', (machine) => {
  const northbound = machine.startOvn();
  makeOvnNetwork(northbound);
  for (const port of ports) plug(machine, 'tap', port);
  waitForZones(northbound);
});
