import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

const address = '198.51.100.10';

/** A service of this host or of another one, whose queue is full. */
function find(syncookies: number, ownAddress: string) {
  const labels = `protocol="tcp",address="${address}",port="${serverPort}",zone="0"`;
  const [finding] = diagnose(
    samplesOf(`conntrack_entries 90
      conntrack_entries_limit 1000
      conntrack_timeout_seconds{protocol="tcp",state="syn_recv"} 60
      network_setting{name="ipv4.tcp_syncookies"} ${syncookies}
      prerequisites_own_address_info{address="${ownAddress}"} 1
      conntrack_destination_entries{${labels}} 80
      conntrack_destination_verdict{${labels},verdict="answered_syn_flood"} 1`),
  );
  return finding?.remedies ?? [];
}

it.each([
  ['where they are on', 1, address],
  ['for a service of another host', 0, '198.51.100.1'],
])('SYN cookies are not offered %s', (_where, syncookies, own) => {
  expect(find(syncookies, own).map(({ id }) => id)[0]).toBe('state-timer');
});

describe('SYN cookies', neededByHop, () => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('cookies', 'ipv4');
    // A client that the server remembers is let in.
    hop.run(
      'server',
      'sysctl -qw net.ipv4.tcp_syncookies=0 net.ipv4.tcp_max_syn_backlog=16 net.ipv4.tcp_no_metrics_save=1',
    );
    hop.run('server', 'ip tcp_metrics flush');
    // Its connection attempts are answered and never completed.
    hop.run('client', 'ip address add 192.0.2.77/24 dev eth0; iptables -A INPUT -d 192.0.2.77 -p tcp -j DROP');
  });
  afterAll(() => hop.end());

  const flood = `
    for (let n = 0; n < 60; n++) require("net").connect({ host: "${address}", port: ${serverPort}, localAddress: "192.0.2.77" }).on("error", () => {});
    setTimeout(() => process.exit(), 300);`;
  const replied = () => {
    hop.run('client', `${process.execPath} -e '${flood}'`);
    return hop.request(address, serverPort, 5);
  };

  it('let clients in while the queue of the service is full', () => {
    const [remedy] = find(0, address);
    expect(remedy?.id).toBe('syn-cookies');
    expect(replied()).toBe(0);
    for (const command of remedy?.commands ?? []) hop.run('server', command);
    expect(replied()).toBe(5);
    for (const command of remedy === undefined || isNone(remedy.undo) ? [] : remedy.undo) hop.run('server', command);
    expect(replied()).toBe(0);
  });
});
