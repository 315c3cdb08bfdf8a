import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

export function run(command: string, ...words: readonly string[]): string {
  return execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** The same, whatever its exit code is. */
export function ask(command: string, ...words: readonly string[]): string {
  try {
    return run(command, ...words);
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout ?? error).trim();
  }
}

export const notifyFifo = '/run/keepalived.fifo';

/** A director of keepalived's with one service, whose real server is the exporter. */
const keepalivedConfiguration = `
global_defs {
  vrrp_notify_fifo ${notifyFifo}
}
vrrp_instance web {
  state MASTER
  interface dummy0
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    10.0.0.100/32
  }
}
virtual_server 10.0.0.100 80 {
  delay_loop 2
  lb_algo rr
  lb_kind DR
  protocol TCP
  real_server 10.0.0.1 10044 {
    TCP_CHECK {
      connect_timeout 3
    }
  }
}
`;

/** Gives the machine everything that there is a collector for. */
export function prepareMachine(): void {
  run('modprobe', '-a', 'dummy', 'ip_vs', 'ip_vs_rr', 'nf_conntrack', 'nf_conntrack_netlink', 'xt_conntrack');
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'link', 'add', 'dummy0', 'type', 'dummy');
  run('ip', 'address', 'add', '10.0.0.1/24', 'dev', 'dummy0');
  run('ip', 'link', 'set', 'dummy0', 'up');
  run('ip', 'netns', 'add', 'other');
  // Without a stateful rule the kernel tracks nothing.
  run('iptables-legacy', '-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'INVALID', '-j', 'DROP');
  writeFileSync('/etc/keepalived/keepalived.conf', keepalivedConfiguration);
  run('systemctl', 'restart', 'keepalived.service');
}
