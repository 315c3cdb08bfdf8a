import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode } from '../../src/host/errors.ts';

/** Open vSwitch of a test's own, without devices of the kernel. */
export interface VirtualSwitch {
  /** Where its database listens. */
  readonly socket: string;
  /** `ovsdb-client transact`: what `ovs-vsctl` of this version cannot do. */
  transact(...operations: readonly object[]): void;
  /** `ovs-vsctl` */
  configure(...parameters: readonly string[]): string;
  /** Starts OVN beside it, with this machine as its only chassis. Gives `ovn-nbctl`. */
  startOvn(): (...parameters: readonly string[]) => string;
  stop(): void;
}

/** @param schema that of the database, by default the installed one. */
export function startVirtualSwitch(schema = readSchema()): VirtualSwitch {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-test-switch-'));
  const run = (command: string, ...parameters: readonly string[]) =>
    execFileSync(command, parameters, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 300_000,
      env: { ...process.env, OVS_RUNDIR: folder, OVN_RUNDIR: folder, OVS_LOGDIR: folder, OVN_LOGDIR: folder },
    });
  const unix = (name: string) => `unix:${folder}/${name}.sock`;
  // Their output goes to a file: what they keep open would keep the pipe open.
  const startDaemon = (name: string, program: string, ...parameters: readonly string[]) => {
    const options = [`--pidfile=${folder}/${name}.pid`, `--log-file=${folder}/${name}.log`, '--detach', '--no-chdir'];
    // ovn-controller 23.03 sometimes crashes when it starts. Once it is a daemon, --monitor starts it again.
    tryAgain(() => run('sh', '-c', '"$@" >/dev/null 2>&1', 'sh', program, ...parameters, ...options, '--monitor'));
  };
  const startDatabase = (name: string, schema: string) => {
    run('ovsdb-tool', 'create', `${folder}/${name}.db`, schema);
    startDaemon(name, 'ovsdb-server', `${folder}/${name}.db`, `--remote=p${unix(name)}`);
  };
  const configure = (...parameters: readonly string[]) => run('ovs-vsctl', `--db=${unix('conf')}`, ...parameters);
  writeFileSync(`${folder}/conf.ovsschema`, JSON.stringify(schema));
  startDatabase('conf', `${folder}/conf.ovsschema`);
  configure('--no-wait', 'init');
  startDaemon('vswitchd', 'ovs-vswitchd', unix('conf'), '--enable-dummy=override', '--disable-system');
  configure('add-br', 'br-int', '--', 'set', 'Bridge', 'br-int', 'datapath_type=dummy', 'fail_mode=secure');
  return {
    socket: `${folder}/conf.sock`,
    configure,
    transact: (...operations) => {
      const results = run('ovsdb-client', 'transact', unix('conf'), JSON.stringify(['Open_vSwitch', ...operations]));
      if (results.includes('error')) throw new Error(results);
    },
    startOvn() {
      startDatabase('nb', '/usr/share/ovn/ovn-nb.ovsschema');
      startDatabase('sb', '/usr/share/ovn/ovn-sb.ovsschema');
      const chassis = { 'system-id': 'compute1', 'ovn-remote': unix('sb'), 'ovn-encap-type': 'geneve' };
      const ids = Object.entries({ ...chassis, 'ovn-encap-ip': '127.0.0.1' });
      configure('set', 'Open_vSwitch', '.', ...ids.map(([key, value]) => `external_ids:${key}="${value}"`));
      startDaemon('northd', 'ovn-northd', `--ovnnb-db=${unix('nb')}`, `--ovnsb-db=${unix('sb')}`);
      startDaemon('controller', 'ovn-controller', unix('conf'));
      return (...parameters) => run('ovn-nbctl', `--db=${unix('nb')}`, ...parameters);
    },
    stop() {
      const files = readdirSync(folder).filter((name) => name.endsWith('.pid'));
      for (const name of files) end(Number(readFileSync(join(folder, name), 'utf8')));
      // Until they have ended, daemons write to it.
      tryAgain(() => {
        execFileSync('sleep', ['0.1']);
        rmSync(folder, { recursive: true, force: true });
      }, 100);
    },
  };
}

function tryAgain(start: () => void, tries = 5): void {
  try {
    start();
  } catch (error) {
    if (tries === 1) throw error;
    tryAgain(start, tries - 1);
  }
}

/** A process that has ended already must not keep the others alive. */
function end(pid: number): void {
  try {
    process.kill(pid);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

interface Schema {
  readonly tables: Readonly<Record<string, { readonly columns: Readonly<Record<string, unknown>> }>>;
}

function readSchema(): Schema {
  return JSON.parse(readFileSync('/usr/share/openvswitch/vswitch.ovsschema', 'utf8'));
}

/** The schema with the two columns for limits of zones, as Open vSwitch 3.3 and later have them. */
export function schemaWithLimits(): Schema {
  const limit = { type: { key: { type: 'integer', minInteger: 0, maxInteger: 4_294_967_295 }, min: 0, max: 1 } };
  const schema = readSchema();
  const extend = (table: string, column: string) => ({
    [table]: { ...schema.tables[table], columns: { ...schema.tables[table]?.columns, [column]: limit } },
  });
  const tables = { ...schema.tables, ...extend('CT_Zone', 'limit'), ...extend('Datapath', 'ct_zone_default_limit') };
  return { ...schema, tables };
}

/** The ports of the virtual machines whose files are in test/fixtures/openstack/libvirt. */
export const ports = [
  {
    id: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
    mac: 'fa:16:3e:1a:2b:3c',
    address: '10.0.0.11',
    vm: '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01',
  },
  {
    id: '77c1dc00-af39-4463-bea0-12808f4bc340',
    mac: 'fa:16:3e:77:c1:dc',
    address: '10.0.0.12',
    vm: 'ff91d2dc-69a1-43ef-abde-c9e4e9a0305b',
  },
] as const;

/** Plugs a port in as os-vif does (`create_ovs_vif_port()` in vif_plug_ovs/ovsdb/ovsdb_lib.py). */
export function plug(
  { configure }: VirtualSwitch,
  prefix: 'tap' | 'qvo',
  { id, mac, vm }: (typeof ports)[number],
): string {
  const device = `${prefix}${id.slice(0, 11)}`;
  const ids = { 'iface-id': id, 'attached-mac': mac, 'iface-status': 'active', 'vm-uuid': vm };
  const values = Object.entries(ids).map(([key, value]) => `external_ids:${key}="${value}"`);
  configure('add-port', 'br-int', device, '--', 'set', 'Interface', device, ...values);
  return device;
}

/** Tags a port as Neutron's agent does (`port_bound()` and `_bind_devices()` in ovs_neutron_agent.py). */
export function tag({ configure }: VirtualSwitch, device: string, vlan: number): void {
  const network = { net_uuid: '5f0c1d7e-2c55-4d1b-9a39-0e7f5f1c9a11', network_type: 'vxlan', segmentation_id: '1001' };
  const values = Object.entries({ ...network, tag: String(vlan) }).map(
    ([key, value]) => `other_config:${key}="${value}"`,
  );
  configure('set', 'Port', device, ...values, '--', 'set', 'Port', device, `tag=${vlan}`);
}

/** A DHCP server of Neutron, which is no virtual machine's. */
export function plugDhcp({ configure }: VirtualSwitch): string {
  const ids = ['external_ids:iface-id=0d0d0d0d-5e6f-4a7b-8c9d-0e1f2a3b4c5d', 'external_ids:iface-status=active'];
  const device = 'tap0d0d0d0d-5e';
  configure('add-port', 'br-int', device, '--', 'set', 'Interface', device, 'type=internal', ...ids);
  return device;
}

/** A network with a router, as Neutron's OVN driver makes them. Resolves the zones when ovn-controller has chosen them. */
export function makeOvnNetwork(northbound: (...parameters: readonly string[]) => string): void {
  const network = 'neutron-5f0c1d7e-2c55-4d1b-9a39-0e7f5f1c9a11';
  const router = 'neutron-8b1d3f0a-7c55-4ba2-8d7c-3a1de0a7e001';
  northbound('ls-add', network);
  northbound('lr-add', router);
  northbound('lrp-add', router, 'lrp-1', 'fa:16:3e:00:00:fe', '10.0.0.1/24');
  northbound('lsp-add', network, 'lrp-1-peer', '--', 'lsp-set-type', 'lrp-1-peer', 'router');
  northbound('lsp-set-addresses', 'lrp-1-peer', 'router');
  northbound('lsp-set-options', 'lrp-1-peer', 'router-port=lrp-1');
  northbound('lrp-set-gateway-chassis', 'lrp-1', 'compute1');
  northbound('lr-nat-add', router, 'snat', '192.0.2.1', '10.0.0.0/24');
  for (const { id, mac, address } of ports) {
    northbound('lsp-add', network, id, '--', 'lsp-set-addresses', id, `${mac} ${address}`);
    northbound('acl-add', network, 'to-lport', '1002', `outport == "${id}" && ip4`, 'allow-related');
  }
}

/** Waits until ovn-controller has chosen its zones. */
export function waitForZones(northbound: (...parameters: readonly string[]) => string): void {
  northbound('--wait=hv', '--timeout=20', 'sync');
}
