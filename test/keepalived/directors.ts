import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { memoryDirectory } from '../memory-directory.ts';
import { needs } from '../needs.ts';

/** A keepalived in a network namespace. */
export interface Director {
  /** A file that stands for the namespace. */
  readonly namespace: string;
  /** keepalived's parent process. */
  readonly pid: number;
  /** Its VRRP process. */
  readonly vrrpPid: () => number;
  /** What it logged. */
  readonly log: () => string;
  /** Its folder, where it has its configuration. */
  readonly folder: string;
  /** Ends keepalived with a signal and waits until it has. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

export const password = 'zx81-psw';

/** What suites need that make directors, and the programs of other users beside them. */
export const neededByDirectors = needs(
  'keepalived',
  'ip',
  'setpriv',
  'unshare',
  'root',
  'network namespaces',
  'mount namespaces',
);

/** Network namespaces that share a wire, `eth0` in both, and a folder for their keepaliveds. */
export interface Wire {
  readonly folder: string;
  readonly names: readonly [string, string];
  remove(): void;
}

export function createWire(): Wire {
  const folder = mkdtempSync(join(memoryDirectory, 'lvs-exporter-directors-'));
  const unique = `lvs-test-${basename(folder).slice(-6)}`;
  const names = [`${unique}-1`, `${unique}-2`] as const;
  for (const name of names) ip('netns', 'add', name);
  ip('link', 'add', 'eth0', 'netns', names[0], 'type', 'veth', 'peer', 'name', 'eth0', 'netns', names[1]);
  for (const [index, name] of names.entries()) {
    ip('-n', name, 'address', 'add', `10.9.0.${index + 1}/24`, 'dev', 'eth0');
    ip('-n', name, 'address', 'add', `fe80::${index + 1}/64`, 'dev', 'eth0', 'nodad');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  return {
    folder,
    names,
    remove() {
      for (const name of names) ip('netns', 'delete', name);
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Two directors. The first keeps its dumps in a /tmp of its own, as with systemd's PrivateTmp; the second in the
 * directory that TMPDIR names. The notify FIFO of each is `notify` in its folder.
 */
export async function createDirectors(): Promise<{ first: Director; second: Director; remove: () => Promise<void> }> {
  const wire = createWire();
  const [one, other] = [join(wire.folder, 'first'), join(wire.folder, 'second')];
  const first = startKeepalived(wire.names[0], one, configure(150, '/tmp/notify'), 'mount --bind . /tmp && cd /tmp');
  const second = startKeepalived(wire.names[1], other, configure(100, join(other, 'notify')), `export TMPDIR="$PWD"`);
  return {
    first,
    second,
    async remove() {
      await Promise.all([first.end('SIGKILL'), second.end('SIGKILL')]);
      wire.remove();
    },
  };
}

export function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** One that finds a pid file of a keepalived that runs does not start. */
const pidOptions = [
  ['pid', 'parent'],
  ['vrrp_pid', 'vrrp'],
  ['checkers_pid', 'checkers'],
  ['bfd_pid', 'bfd'],
];

/** `prepare` is done in a mount namespace of its own. `exec` in each step makes the process that was started keepalived's. */
export function startKeepalived(
  namespace: string,
  folder: string,
  configuration: string,
  prepare: string,
  options = '--vrrp',
): Director {
  mkdirSync(folder);
  writeFileSync(join(folder, 'keepalived.conf'), configuration);
  const pidFiles = pidOptions.map(([option, name]) => `--${option} "$PWD/${name}.pid"`).join(' ');
  const run = `${prepare} && exec keepalived ${options} --dont-fork --log-console --use-file "$PWD/keepalived.conf" ${pidFiles}`;
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn('ip', ['netns', 'exec', namespace, 'unshare', '--mount', 'sh', '-c', run], {
    cwd: folder,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = once(child, 'exit');
  return {
    namespace: `/run/netns/${namespace}`,
    pid: pidOf(child),
    vrrpPid: () => Number(readFileSync(join(folder, 'vrrp.pid'), 'utf8')),
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    folder,
    async end(signal) {
      child.kill(signal);
      child.kill('SIGCONT');
      await ended;
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('Cannot start keepalived');
  return pid;
}

/** The configuration of a keepalived with one instance, which is alone and master at once. */
export const oneInstance = `vrrp_instance VI_1 {
  interface eth0
  version 3
  advert_int 0.1
  virtual_router_id 11
  virtual_ipaddress {
    10.9.0.11/32
  }
}
`;

/** More than the first two, so that keepalived writes each dump in several pieces. */
export const instanceNames = ['VI_web', 'VI_web6', ...Array.from({ length: 18 }, (_, index) => `VI_${index + 101}`)];

/** The first of VRRP version 2, which has passwords, the others of version 3. */
function configure(priority: number, fifo: string): string {
  const others = instanceNames.slice(2).map(
    (name, index) => `vrrp_instance ${name} {
  interface eth0
  virtual_router_id ${index + 101}
  priority ${priority}
  version 3
  virtual_ipaddress {
    10.9.0.${index + 101}/32
  }
}
`,
  );
  return `global_defs {
  vrrp_notify_fifo ${fifo}
}
vrrp_instance VI_web {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  authentication {
    auth_type PASS
    auth_pass ${password}
  }
  virtual_ipaddress {
    10.9.0.100/24 brd 10.9.0.255
  }
}
vrrp_instance VI_web6 {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  version 3
  advert_int 0.2
  virtual_ipaddress {
    fe80::9:100/64
  }
}
${others.join('')}`;
}
