import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/options/config.ts';
import { needs } from '../needs.ts';

const roles = resolve('contrib/ansible/roles');
const flags = ['--log.level=warn', '--web.config.file=/etc/lvs exporter/web.yml'];

describe('the Ansible role, on a root of its own', needs('ansible-playbook'), () => {
  let folder: string;
  let root: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-ansible-'));
    root = join(folder, 'root');
    for (const path of ['usr/share/lvs-exporter/systemd', 'etc/prometheus', 'dashboards']) {
      mkdirSync(join(root, path), { recursive: true });
    }
    cpSync('packaging/keepalived.conf', join(root, 'usr/share/lvs-exporter/systemd/keepalived.conf'));
    writeFileSync(
      join(folder, 'inventory'),
      '[lvs_directors]\ndirector ansible_connection=local\n[lvs_compute]\ncompute ansible_connection=local\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(host: string, variables: object) {
    const playbook = join(folder, 'playbook.yml');
    const vars = { lvs_exporter_root: root, ...variables };
    writeFileSync(playbook, JSON.stringify([{ hosts: host, gather_facts: false, roles: ['lvs_exporter'], vars }]));
    const env = { ...process.env, ANSIBLE_ROLES_PATH: roles, ANSIBLE_LOCAL_TEMP: folder, ANSIBLE_PIPELINING: 'true' };
    const words = ['-i', join(folder, 'inventory'), playbook];
    const { status, stdout, stderr } = spawnSync('ansible-playbook', words, { env, encoding: 'utf8' });
    return { status, output: stdout + stderr, changed: /changed=(\d+)/.exec(stdout)?.[1] };
  }

  const etc = (path: string) => join(root, 'etc', path);
  const unit = 'systemd/system/lvs-exporter.service.d/keepalived.conf';
  const socket = 'systemd/system/lvs-exporter.socket.d/listen.conf';
  const director = {
    lvs_exporter_args: flags,
    lvs_exporter_listen: ['10.0.0.11:10044'],
    lvs_exporter_rules_folder: '/etc/prometheus',
    lvs_exporter_dashboards_folder: '/dashboards',
  };

  it('sets up a director, and changes nothing the second time', () => {
    const first = run('director', director);
    expect(first, first.output).toMatchObject({ status: 0 });
    expect(argumentsOf(etc('default/lvs-exporter'))).toEqual(flags);
    expect(() => readConfig(flags)).not.toThrow();
    expect(readFileSync(etc(socket), 'utf8')).toContain('[Socket]\nListenStream=\nListenStream=10.0.0.11:10044\n');
    expect(readFileSync(etc(unit))).toEqual(readFileSync('packaging/keepalived.conf'));
    expect(readFileSync(etc('prometheus/lvs-exporter.rules.yml'))).toEqual(
      readFileSync('alerts/lvs-exporter.rules.yml'),
    );
    const dashboards = readdirSync('dashboards').filter((name) => name.endsWith('.json'));
    expect(readdirSync(join(root, 'dashboards')).sort()).toEqual(dashboards.sort());
    expect(run('director', { ...director, lvs_exporter_dashboards_folder: '' }).changed).toBe('0');
  });

  it('takes back what a compute host does not need', () => {
    expect(run('compute', {})).toMatchObject({ status: 0 });
    expect([unit, socket].filter((path) => existsSync(etc(path)))).toEqual([]);
    expect(argumentsOf(etc('default/lvs-exporter'))).toEqual([]);
  });

  it('refuses flags that systemd reads in another way', () => {
    const refused = ['--log.level="warn"', 'log.level=warn', '--a=$HOME', '--a=\\b'];
    const { status, output } = run('compute', { lvs_exporter_args: refused });
    expect(status).not.toBe(0);
    expect(output.match(/"msg": "Expected a flag of lvs-exporter/g)).toHaveLength(refused.length);
  });

  it('has a playbook that ansible accepts', () => {
    const words = ['--syntax-check', '-i', join(folder, 'inventory'), 'contrib/ansible/playbook.yml'];
    const env = { ...process.env, ANSIBLE_ROLES_PATH: roles, ANSIBLE_LOCAL_TEMP: folder };
    expect(() => execFileSync('ansible-playbook', words, { env, stdio: 'pipe' })).not.toThrow();
  });
});

/** The arguments that systemd makes of the variable: a shell splits this one in the same way. */
function argumentsOf(file: string): string[] {
  const program = `. "$0"; eval "set -- $ARGS"; for one; do printf '%s\\n' "$one"; done`;
  const lines = execFileSync('/bin/sh', ['-c', program, file], { encoding: 'utf8' });
  return lines.split('\n').filter((line) => line !== '');
}
