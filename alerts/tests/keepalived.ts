import { alertTests, of } from './alert-test.ts';

const job = 'lvs-exporter';
const web = { protocol: 'tcp', address: '192.0.2.10', port: '443' };
const webServer = { ...web, real_address: '10.0.0.1', real_port: '443' };
const vrrp = { instance_name: 'VI_1', interface: 'eth0', vrid: '51', family: 'ipv4' };

/** What a director exports of a VRRP instance with one address. */
interface Director {
  readonly master: string;
  readonly backup?: string;
  readonly address?: string;
  readonly bound?: string;
  readonly heard?: string;
  readonly cluster?: string;
}

function director(
  instance: string,
  {
    master,
    backup = '0 for 1h',
    address = '192.0.2.10',
    bound = master,
    heard = '0 for 1h',
    cluster = 'web',
  }: Director,
): Record<string, string> {
  const labels = { instance, cluster, ...vrrp };
  return {
    ...of(labels, {
      'keepalived_vrrp_state{state="master"}': master,
      'keepalived_vrrp_state{state="backup"}': backup,
      keepalived_vrrp_advertisements_received_total: heard,
    }),
    ...of({ ...labels, address }, { keepalived_vrrp_address_bound: bound }),
  };
}

/** Addresses that each machine has of its own: on its segment, or on its loopback device. */
const local = ['fe80::1', 'feb0::1', '169.254.0.10', '127.0.0.53', '::1'];

function withLocalAddresses(instance: string, one: Director): Record<string, string> {
  return Object.assign({}, ...local.map((address) => director(instance, { ...one, address })));
}

/** The same address in a second VRRP instance of the same director. */
function twice(instance: string, one: Director): Record<string, string> {
  const series = director(instance, one);
  const second = Object.entries(series).map(([name, values]) => [name.replace('VI_1', 'VI_2'), values] as const);
  return { ...series, ...Object.fromEntries(second) };
}

function reachable(instance: string, up: string): Record<string, string> {
  return of({ instance, cluster: 'web' }, { up });
}

function quorumOf(up: string, weight: string): Record<string, string> {
  return { keepalived_virtual_server_quorum_up: up, keepalived_virtual_server_quorum_weight: weight };
}

const noMaster = (address: string) => ({
  severity: 'critical' as const,
  labels: { job, cluster: 'web', address },
  description: `No director is master for ${address} in cluster web: no exporter reports a master, and no director receives advertisements of one. Clients cannot reach the services on this address.`,
});

const instanceDescription = 'VRRP instance VI_1 (VRID 51) on d1';
const onD1 = { job, instance: 'd1', ...vrrp };

const ends = '1 for 5m, gone for 1h';

export const keepalivedTests = [
  ...alertTests(
    'KeepalivedNoMaster',
    {
      when: 'the master fails and the backup, which hears it no more, stays one',
      series: {
        ...director('d1', { master: '1 for 5m, 0 for 5m, 1 for 1h' }),
        ...director('d2', { master: '0 for 1h', backup: '1 for 1h', heard: '0 to 300 for 5m, 300 for 1h' }),
        ...director('elsewhere', { cluster: 'mail', master: '1 for 1h' }),
      },
      expected: {
        '6m': [],
        '6m30s': [noMaster('192.0.2.10')],
        '10m45s': [noMaster('192.0.2.10')],
        '11m': [],
      },
    },
    {
      when: 'master and backup both fail, and the backup goes on counting advertisements',
      series: {
        ...director('d1', { master: '1 for 5m, 0 for 1h' }),
        ...director('d2', { master: '0 for 1h', backup: '1 for 5m, 0 for 1h', heard: '0 to 3600 for 1h' }),
      },
      expected: { '5m15s': [], '5m30s': [noMaster('192.0.2.10')] },
    },
    {
      when: 'the machine of the master is gone',
      series: {
        ...reachable('d1', '1 for 5m, 0 for 1h'),
        ...director('d1', { master: ends, backup: ends, bound: ends, heard: ends }),
        ...reachable('d2', '1 for 1h'),
        ...director('d2', { master: '0 for 1h', backup: '1 for 1h', heard: '0 to 300 for 5m, 300 for 1h' }),
      },
      expected: { '6m': [], '6m30s': [noMaster('192.0.2.10')] },
    },
    {
      when: 'the exporter of the master is gone, and the backup hears the master',
      series: {
        ...reachable('d1', '1 for 5m, 0 for 1h'),
        ...director('d1', { master: ends, backup: ends, bound: ends, heard: ends }),
        ...reachable('d2', '1 for 1h'),
        ...director('d2', { master: '0 for 1h', backup: '1 for 1h', heard: '0 to 3600 for 1h' }),
      },
      expected: { '10m': [] },
    },
    {
      when: 'the machine of the master is gone, and the backup takes over within the next dump',
      series: {
        ...reachable('d1', '1 for 5m, 0 for 1h'),
        ...director('d1', { master: ends, backup: ends, bound: ends, heard: ends }),
        ...reachable('d2', '1 for 1h'),
        ...director('d2', {
          master: '0 for 5m30s, 1 for 1h',
          backup: '1 for 5m30s, 0 for 1h',
          heard: '0 to 300 for 5m, 300 for 1h',
        }),
      },
      expected: { '6m': [], '10m': [] },
    },
    {
      when: 'both machines are gone',
      series: {
        ...reachable('d1', '1 for 5m, 0 for 1h'),
        ...director('d1', { master: ends, bound: ends }),
        ...reachable('d2', '1 for 5m, 0 for 1h'),
        ...director('d2', { master: '0 for 5m, gone for 1h' }),
        ...withLocalAddresses('d1', { master: ends, bound: ends }),
      },
      expected: { '5m15s': [], '5m30s': [noMaster('192.0.2.10')], '20m': [noMaster('192.0.2.10')] },
    },
    {
      when: 'an address is taken out of the configuration',
      series: {
        ...reachable('d1', '1 for 1h'),
        ...director('d1', { master: ends, bound: ends }),
        ...reachable('d2', '1 for 1h'),
        ...director('d2', { master: '0 for 5m, gone for 1h' }),
      },
      expected: { '10m': [] },
    },
  ),
  ...alertTests('KeepalivedSplitBrain', {
    when: 'two directors of a pair are master, and two of different clusters',
    series: {
      ...director('d1', { master: '1 for 1h' }),
      ...director('d2', { master: '0 for 5m, 1 for 2m, 0 for 1h' }),
      ...director('m1', { cluster: 'mail', master: '1 for 1h' }),
      ...director('m2', { cluster: 'mail', master: '0 for 1h' }),
      ...director('a1', { cluster: 'api', address: '192.0.2.11', master: '1 for 1h' }),
      ...director('a2', { cluster: 'api', address: '192.0.2.12', master: '1 for 1h' }),
      ...withLocalAddresses('l1', { cluster: 'lan', master: '1 for 1h' }),
      ...withLocalAddresses('l2', { cluster: 'lan', master: '1 for 1h' }),
      ...twice('t1', { cluster: 'twice', address: '192.0.2.13', master: '1 for 1h' }),
    },
    expected: {
      '5m45s': [],
      '6m': [splitBrain()],
      '7m45s': [splitBrain()],
      '8m': [],
    },
  }),
  ...alertTests('KeepalivedAddressMisplaced', {
    when: 'a master has no address, and a backup has one',
    series: {
      ...director('d1', { master: '1 for 1h', bound: '1 for 5m, 0 for 2m, 1 for 1h' }),
      ...director('d2', { master: '0 for 1h', bound: '0 for 5m, 1 for 2m, 0 for 1h' }),
    },
    expected: {
      '5m45s': [],
      '6m': [
        misplaced('d1', '192.0.2.10 is missing on d1, which is its master (VRRP instance VI_1, interface eth0).'),
        misplaced('d2', '192.0.2.10 is set on d2, which is not its master (VRRP instance VI_1, interface eth0).'),
      ],
      '7m45s': [
        misplaced('d1', '192.0.2.10 is missing on d1, which is its master (VRRP instance VI_1, interface eth0).'),
        misplaced('d2', '192.0.2.10 is set on d2, which is not its master (VRRP instance VI_1, interface eth0).'),
      ],
      '8m': [],
    },
  }),
  ...alertTests('KeepalivedFlapping', {
    when: 'instances become master three times and twice within a quarter of an hour',
    series: {
      ...of(
        { instance: 'd1', ...vrrp },
        { keepalived_vrrp_became_master_total: '1 for 16m, 2 for 2m, 3 for 2m, 4 for 2h' },
      ),
      ...of({ instance: 'd2', ...vrrp }, { keepalived_vrrp_became_master_total: '1 for 16m, 2 for 2m, 3 for 2h' }),
      ...of(
        { instance: 'restarted', ...vrrp },
        { keepalived_vrrp_became_master_total: '9 for 16m, 0 for 2m, 1 for 2h' },
      ),
    },
    expected: {
      '19m45s': [],
      '20m': [
        {
          severity: 'warning',
          labels: onD1,
          description: `${instanceDescription} became master 3 times in 15 minutes: each change interrupts connections.`,
        },
      ],
      '45m30s': [
        {
          severity: 'warning',
          labels: onD1,
          description: `${instanceDescription} became master 3 times in 15 minutes: each change interrupts connections.`,
        },
      ],
      '46m15s': [],
    },
  }),
  ...alertTests('KeepalivedDown', {
    when: 'keepalived stops for a while',
    series: {
      ...of({ instance: 'd1' }, { keepalived_up: '1 for 1m, 0 for 2m, 1 for 1h' }),
      ...of({ instance: 'd2' }, { keepalived_up: '1 for 1h' }),
    },
    expected: {
      '1m45s': [],
      '2m': [down()],
      '3m45s': [down()],
      '4m': [],
    },
  }),
  ...alertTests(
    'KeepalivedProcessDown',
    {
      when: 'a process dies and stays away for a while, and others are away for one reading',
      series: {
        ...processUp('d1', 'vrrp', '1 for 2m15s, 0 for 2m, 1 for 1h'),
        ...processUp('d2', 'vrrp', '1 for 2m15s, 0 for 15s, 1 for 1h'),
        ...processUp('d2', 'checker', '1 for 2m15s, 0 for 30s, 1 for 1h'),
        ...processUp('d2', 'bfd', '1 for 1h'),
      },
      expected: {
        '2m15s': [],
        '2m30s': [processDown('d1', 'vrrp'), processDown('d2', 'checker')],
        '9m15s': [processDown('d1', 'vrrp')],
        '10m': [],
      },
    },
    {
      when: 'a process dies again and again, and another died twice',
      series: {
        ...processUp('d1', 'checker', '1 for 1h'),
        ...processRestarts('d1', 'checker', '0 for 2m, 1 for 2m, 2 for 2m, 3 for 1h'),
        ...processUp('d1', 'bfd', '1 for 1h'),
        ...processRestarts('d1', 'bfd', '0 for 2m, 1 for 2m, 2 for 1h'),
      },
      expected: {
        '5m45s': [],
        '6m15s': [processDown('d1', 'checker')],
        '30m': [],
      },
    },
  ),
  ...alertTests('KeepalivedScriptFailing', {
    when: 'a script fails for a while',
    series: {
      ...of({ instance: 'd1', script: 'check_nginx' }, { keepalived_script_up: '1 for 1m, 0 for 2m, 1 for 1h' }),
      ...of({ instance: 'd1', script: 'check_dns' }, { keepalived_script_up: '1 for 1h' }),
    },
    expected: {
      '1m45s': [],
      '2m': [scriptFails()],
      '4m45s': [scriptFails()],
      '5m': [],
    },
  }),
  ...alertTests('KeepalivedAdvertisementsRefused', {
    when: 'advertisements with a wrong password come for ten minutes',
    series: {
      ...of(
        { instance: 'd1', ...vrrp, kind: 'authentication_failure' },
        { keepalived_vrrp_errors_total: '0 for 5m, 0 to 63 for 10m, 63 for 1h' },
      ),
      ...of(
        { instance: 'few', ...vrrp, kind: 'ttl' },
        { keepalived_vrrp_errors_total: '0 for 5m, 0 to 57 for 10m, 57 for 1h' },
      ),
    },
    expected: {
      '10m30s': [],
      '11m30s': [refused()],
      '14m45s': [refused()],
      '20m': [refused()],
      '20m45s': [],
    },
  }),
  ...alertTests('KeepalivedDumpStale', {
    when: 'keepalived does not answer for a while, and is not asked where it does not run',
    series: {
      ...dumped('d1', '-10 to 290 for 5m, 290 for 4m, 530 to 3590 for 51m', '1 for 1h'),
      ...dumped('slow', '-115 to 3485 for 1h', '1 for 1h'),
      ...dumped('stopped', '0 for 1h', '0 for 1h'),
    },
    expected: {
      '7m45s': [],
      '8m': [stale('3m 10s')],
      '10m45s': [stale('3m 55s')],
      '11m': [],
    },
  }),
  ...alertTests('KeepalivedDumpUnreadable', {
    when: 'lines of a dump cannot be read for a while, and a few once',
    series: {
      ...of({ instance: 'd1', dump: 'data' }, { keepalived_dump_skipped_lines: '0 for 1m, 3 for 10m, 0 for 1h' }),
      ...of({ instance: 'd1', dump: 'stats' }, { keepalived_dump_skipped_lines: '0 for 1h' }),
      ...of({ instance: 'd2', dump: 'json' }, { keepalived_dump_skipped_lines: '0 for 1m, 1 for 4m, 0 for 1h' }),
    },
    expected: {
      '5m45s': [],
      '6m': [unreadable()],
      '20m45s': [unreadable()],
      '21m30s': [],
    },
  }),
  ...alertTests('KeepalivedQuorumLost', {
    when: 'a service loses its quorum',
    series: {
      ...of({ instance: 'd1', ...web }, quorumOf('1 for 1m, 0 for 2m, 1 for 1h', '1 for 1h3m')),
      ...of({ instance: 'd2', ...web }, quorumOf('1 for 1h', '1 for 1h')),
      // Of real servers that all have the weight 0 keepalived asks for none, and reports that they do not suffice.
      ...of({ instance: 'd3', ...web }, quorumOf('0 for 1h', '0 for 1h')),
    },
    expected: {
      '1m15s': [],
      '1m30s': [quorum()],
      '4m45s': [quorum()],
      '5m': [],
    },
  }),
  ...alertTests('KeepalivedRealServerDown', {
    when: 'a real server fails its checks',
    series: {
      ...of(
        {
          instance: 'd1',
          protocol: 'tcp',
          address: '192.0.2.10',
          port: '443',
          real_address: '10.0.0.1',
          real_port: '443',
        },
        { keepalived_real_server_up: '1 for 1m, 0 for 2m, 1 for 1h' },
      ),
      ...of(
        {
          instance: 'd1',
          protocol: 'tcp',
          address: '192.0.2.10',
          port: '443',
          real_address: '10.0.0.2',
          real_port: '443',
        },
        { keepalived_real_server_up: '1 for 1h' },
      ),
    },
    expected: {
      '1m45s': [],
      '2m': [realServerDown()],
      '4m45s': [realServerDown()],
      '5m': [],
    },
  }),
  ...alertTests('KeepalivedKernelDisagrees', {
    when: 'the table of the kernel is changed by hand, and keepalived restores it',
    series: {
      ...of(
        { instance: 'd1', ...webServer, reason: 'weight' },
        { keepalived_real_server_disagreement: 'nothing for 1m, 1 for 3m, gone for 1h' },
      ),
      ...of(
        { instance: 'd1', ...web, reason: 'unmanaged' },
        { keepalived_virtual_server_disagreement: 'nothing for 1m, 1 for 3m, gone for 1h' },
      ),
    },
    expected: {
      '2m45s': [],
      '3m': disagreements(),
      '5m45s': disagreements(),
      '6m': [],
    },
  }),
];

function disagreements() {
  return [
    {
      severity: 'warning' as const,
      labels: { job, instance: 'd1', ...webServer, reason: 'weight' },
      description:
        'keepalived and the kernel of d1 disagree (weight) about real server 10.0.0.1:443 of tcp 192.0.2.10:443.',
    },
    {
      severity: 'warning' as const,
      labels: { job, instance: 'd1', ...web, reason: 'unmanaged' },
      description: 'keepalived and the kernel of d1 disagree (unmanaged) about tcp 192.0.2.10:443.',
    },
  ];
}

function splitBrain() {
  return {
    severity: 'critical' as const,
    labels: { job, cluster: 'web', address: '192.0.2.10' },
    description: '2 directors are master for 192.0.2.10 in cluster web: some clients reach the wrong one.',
  };
}

function misplaced(instance: string, description: string) {
  return {
    severity: 'critical' as const,
    labels: { job, instance, cluster: 'web', ...vrrp, address: '192.0.2.10' },
    description,
  };
}

function down() {
  return {
    severity: 'warning' as const,
    labels: { job, instance: 'd1' },
    description: 'keepalived is not running on d1: this director cannot take over.',
  };
}

function scriptFails() {
  return {
    severity: 'warning' as const,
    labels: { job, instance: 'd1', script: 'check_nginx' },
    description: 'Script check_nginx of keepalived fails on d1.',
  };
}

function refused() {
  return {
    severity: 'warning' as const,
    labels: { ...onD1, kind: 'authentication_failure' },
    description: `${instanceDescription} refuses 0.105 advertisements per second: authentication_failure.`,
  };
}

/** The exporter asks every 15 s; the dump has the time at which it was written. */
function dumped(instance: string, written: string, up: string): Record<string, string> {
  return of(
    { instance },
    {
      'lvs_exporter_collector_last_success_timestamp_seconds{collector="keepalived"}': '0 to 3600 for 1h',
      'lvs_exporter_collector_last_success_timestamp_seconds{collector="ipvs"}': '1000 to 4600 for 1h',
      'keepalived_dump_timestamp_seconds{dump="json"}': written,
      keepalived_up: up,
    },
  );
}

function stale(age: string) {
  return {
    severity: 'warning' as const,
    labels: { job, instance: 'd1', dump: 'json' },
    description: `keepalived on d1 wrote its json dump ${age} ago: the metrics from this dump are outdated.`,
  };
}

function unreadable() {
  return {
    severity: 'warning' as const,
    labels: { job, instance: 'd1', dump: 'data' },
    description:
      'The exporter cannot read 3 lines of the data dump of keepalived on d1. Some metrics are missing, and alerts that need them do not fire.',
  };
}

function quorum() {
  return {
    severity: 'critical' as const,
    labels: { job, instance: 'd1', ...web },
    description: 'Too few real servers of tcp 192.0.2.10:443 pass their checks on d1.',
  };
}

function realServerDown() {
  return {
    severity: 'warning' as const,
    labels: {
      job,
      instance: 'd1',
      ...webServer,
    },
    description: 'Real server 10.0.0.1:443 of tcp 192.0.2.10:443 fails its checks on d1.',
  };
}

function processUp(instance: string, process: string, values: string): Record<string, string> {
  return of({ instance, process }, { keepalived_process_up: values });
}

function processRestarts(instance: string, process: string, values: string): Record<string, string> {
  return of({ instance, process }, { keepalived_process_restarts_total: values });
}

function processDown(instance: string, process: 'vrrp' | 'checker' | 'bfd') {
  const consequence = {
    vrrp: 'this director cannot be master',
    checker: 'real servers that fail stay in service',
    bfd: 'BFD sessions are down',
  }[process];
  return {
    severity: 'critical' as const,
    labels: { job, instance, process },
    description: `The ${process} process of keepalived is not running on ${instance}, or crashes repeatedly: ${consequence}.`,
  };
}
