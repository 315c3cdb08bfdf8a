import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { remedies } from '../../../src/diagnosis/remedies/index.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import type { ServiceIdentity } from '../../../src/identity/virtual-server.ts';
import { splitByNamespace } from '../../../src/readings/readings.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-openstack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ids = ['0a1b2c3d-0000-4000-8000-000000000001', '0a1b2c3d-0000-4000-8000-000000000002'];
const groups = ['5e6f7a8b-0000-4000-8000-000000000003', '5e6f7a8b-0000-4000-8000-000000000004'];
/** Stands for OpenStack's client: notes what it was asked, and answers as that does. */
const client = `#!/bin/sh
echo "$*" >>"${folder}/asked"
case "$1 $2" in
"port list") printf '${ids.join('\\n')}\\n' ;;
"port show") echo "['${groups.join("', '")}']" ;;
esac
`;

function type(commands: readonly string[]): string[] {
  writeFileSync(join(folder, 'asked'), '');
  writeFileSync(join(folder, 'openstack'), client, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  for (const command of commands) execFileSync('sh', ['-c', command], { cwd: folder, env });
  return readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
}

function planFor(service: ServiceIdentity) {
  const [readings] = splitByNamespace([]);
  const plan =
    readings &&
    remedies['stateless-security-group'].plan(readings, {
      id: 'ipvs-upstream-conntrack-pressure',
      severity: 'info',
      subject: { service },
      numbers: { limitEntries: 1 },
      details: { isLimitAssumed: true, services: [] },
    });
  if (plan === undefined || isNone(plan.undo)) throw new Error('Expected a plan with a way back');
  return { commands: plan.commands, undo: plan.undo };
}

const { commands, undo } = planFor({ protocol: 'tcp', address: '10.0.0.100', port: '80', fwmark: '' });

it('a stateless group takes the place of those of each port, and they come back', () => {
  const asked = type(commands);
  expect(asked[0]).toBe('security group create --stateless lvs-director-stateless');
  expect(asked).toContain(
    'security group rule create --ingress --ethertype IPv4 --protocol tcp --dst-port 80 lvs-director-stateless',
  );
  expect(asked.filter((line) => line.startsWith('port set'))).toEqual(
    ids.map((id) => `port set --no-security-group --security-group lvs-director-stateless ${id}`),
  );
  const [first, second] = groups;
  expect(type(undo).filter((line) => !line.startsWith('port list'))).toEqual([
    ...ids.map((id) => `port set --no-security-group --security-group ${first} --security-group ${second} ${id}`),
    'security group delete lvs-director-stateless',
  ]);
});

it('a firewall mark has no port of its own', () => {
  const mark = planFor({ protocol: '', address: '', port: '', fwmark: '7' });
  expect(mark.commands[1]).toBe(
    'openstack security group rule create --ingress --ethertype IPv4 --protocol tcp lvs-director-stateless',
  );
});
