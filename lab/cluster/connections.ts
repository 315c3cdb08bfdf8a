import type { Cluster } from '../lab.ts';

/**
 * Makes connections from client that last: to the VIP, and to shelf's services over IPv4 and IPv6, with UDP flows over
 * both, and one by firewall mark that the real server refuses.
 */
export function connectToServices({ node, vip, shelf }: Cluster): void {
  const script = `
    exec 3<>/dev/tcp/${vip}/80 4<>/dev/tcp/${shelf.vip}/80 5<>/dev/tcp/${shelf.vip6}/80
    for packet in 1 2 3; do echo >/dev/udp/${shelf.vip}/53; echo >/dev/udp/${shelf.vip}/5060; done
    echo >/dev/udp/${shelf.vip6}/53
    (exec 6<>/dev/tcp/${shelf.vip}/88)
    exec sleep 300`;
  node('client').start('bash', ['-c', script]);
}
