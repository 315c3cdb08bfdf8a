import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observeRecording } from '../../src/cli/observe.ts';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { needs } from '../needs.ts';
import { type HybridNode, makeHybridNode, virtualAddress, virtualAddress6 } from './hybrid.ts';

const programs = needs(
  'bash',
  'conntrack',
  'ip',
  'iptables',
  'nft',
  'unshare',
  'root',
  'network namespaces',
  'mount namespaces',
  'ctnetlink',
  'nf_tables',
);
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const domains = fileURLToPath(new URL('../fixtures/openstack/libvirt', import.meta.url));
const run = promisify(execFile);

let node: HybridNode;
let folder: string;

/** Runs the program on the compute node, which has the fixtures for its running domains. */
async function runOnNode(...args: readonly string[]): Promise<string> {
  const withDomains = `mount -t tmpfs none /run && mkdir -p /run/libvirt/qemu && cp ${domains}/* /run/libvirt/qemu && exec "$@"`;
  const program = [process.execPath, main, ...args, '--no-collector.keepalived'];
  // The exit code of diagnose is what it found.
  const parameters = ['netns', 'exec', node.names.node, 'unshare', '-m', 'bash', '-c', withDomains, 'bash', ...program];
  const { stdout } = await run('ip', parameters).catch((error: { stdout: string }) => error);
  return stdout;
}

/** Keeps new clients coming until it is stopped. */
function sendFromManyPorts(): () => void {
  const loop = `for _ in {1..600}; do for _ in {1..100}; do echo x >/dev/udp/${virtualAddress}/53; done; sleep 0.2; done`;
  const sender = spawn('ip', ['netns', 'exec', node.names.client, 'bash', '-c', loop], { stdio: 'ignore' });
  return () => sender.kill();
}

describe('a compute node with real rules, zones and tap names', programs, () => {
  beforeAll(async () => {
    node = makeHybridNode('1a2b3c4d-5e', 4097);
    folder = await mkdtemp(join(tmpdir(), 'lvs-test-hybrid-'));
  });
  afterAll(async () => {
    node.remove();
    await rm(folder, { recursive: true });
  });

  it('has flows in the zone of the tap, which are attributed to the virtual machine', async () => {
    node.send('udp', 53);
    node.send('tcp', 80);
    expect(node.run('conntrack -L 2>/dev/null').match(/ zone=4097 /g)).toHaveLength(4);
    const directory = join(folder, 'recording');
    await runOnNode(
      'record',
      directory,
      '--interval=1s',
      '--duration=1s',
      '--collector.openstack',
      '--log.level=error',
    );
    const collectors = createCollectors(defaultSettings).filter(({ name }) => /openstack|conntrack-table/.test(name));
    const { now } = await observeRecording({
      directory,
      collectors,
      atSeconds: undefined,
      onProgress: () => undefined,
    });
    const infos = now.filter(({ metric }) => metric.name === 'conntrack_destination_info').map(({ labels }) => labels);
    const owner = {
      zone: '4097',
      port_id: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
      device: 'tap1a2b3c4d-5e',
      domain: 'instance-0000002a',
      vm: 'director-1',
      vm_id: '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01',
      project: 'web shop',
      project_id: '512866f9994f4ad8916d8539a7cdeec9',
      evidence: 'zone',
    };
    const own = infos.filter(({ address = '' }) => [virtualAddress, virtualAddress6].includes(address));
    expect(own).toHaveLength(4);
    for (const address of [virtualAddress, virtualAddress6]) {
      expect(own).toContainEqual({ ...owner, protocol: 'udp', address, port: '53' });
      expect(own).toContainEqual({ ...owner, protocol: 'tcp', address, port: '80' });
    }
  });

  it('is recorded without passwords and names of users', async () => {
    const [moment = ''] = (await readdir(join(folder, 'recording'))).filter((name) => /^\d/.test(name));
    const file = join(folder, 'recording', moment, 'run/libvirt/qemu/instance-0000002a.xml');
    const text = await readFile(file, 'utf8');
    expect(text).toContain('director-1');
    expect(text).not.toMatch(/console-secret|alice|ceph/);
  });

  it('names the virtual machine in what diagnose finds', async () => {
    const stop = sendFromManyPorts();
    try {
      const { findings } = JSON.parse(await runOnNode('diagnose', '--json', '--duration=2s'));
      const finding = findings.find(
        ({ subject: { destination } }: { subject: { destination?: { protocol: string; address: string } } }) =>
          destination?.protocol === 'udp' && destination.address === virtualAddress,
      );
      expect(finding).toMatchObject({
        id: 'conntrack-unanswered-flows',
        subject: {
          destination: { port: '53', zone: '4097' },
          owner: { device: 'tap1a2b3c4d-5e', vm: 'director-1', project: 'web shop' },
        },
      });
    } finally {
      stop();
    }
  });
});
