import { alertTests, of } from './alert-test.ts';

const job = 'lvs-exporter';
const vrrp = { instance_name: 'VI_1', interface: 'eth0', vrid: '51', family: 'ipv4' };
const always = '1 for 2h';
const first = '192.0.2.10';
const second = '192.0.2.20';

interface Settings {
  readonly vrid?: string;
  /** Of the protocol. */
  readonly version?: string;
  readonly authentication?: string;
  readonly interval?: string;
  readonly peers?: string;
}

interface Director {
  readonly settings?: Settings;
  readonly cluster?: string;
  readonly name?: string;
  readonly version?: string;
  readonly priority?: string;
  readonly backup?: string;
  readonly interface?: string;
  /** Of the target, or of all that its exporter has of one keepalived. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Values by virtual address. */
  readonly addresses: Readonly<Record<string, string>>;
}

function director(instance: string, one: Director): Record<string, string> {
  const target = { instance, ...one.labels, ...(one.cluster === undefined ? {} : { cluster: one.cluster }) };
  const { vrid = vrrp.vrid, version = '2', authentication = 'none', interval, peers } = one.settings ?? {};
  const device = one.interface === undefined ? {} : { interface: one.interface };
  const labels = {
    ...target,
    ...vrrp,
    vrid,
    ...device,
    ...(one.name === undefined ? {} : { instance_name: one.name }),
  };
  const addresses = Object.entries(one.addresses).map(([address, values]) =>
    of({ ...labels, address }, { keepalived_vrrp_address_bound: values }),
  );
  return Object.assign(
    {
      ...of(labels, { 'keepalived_vrrp_priority{kind="base"}': one.priority ?? always }),
      ...of(labels, { 'keepalived_vrrp_priority{kind="effective"}': '7 for 2h' }),
      ...of(labels, { 'keepalived_vrrp_state{state="fault"}': always }),
      ...of(labels, { 'keepalived_vrrp_state{state="backup"}': one.backup ?? '0 for 2h' }),
      ...of({ ...labels, version, authentication }, { keepalived_vrrp_info: always }),
      ...of(labels, { keepalived_vrrp_advertisement_interval_seconds: interval ?? always }),
      ...of(labels, { keepalived_vrrp_unicast_peers: peers ?? '0 for 2h' }),
      ...of({ ...target, version: one.version ?? '2.3.4' }, { keepalived_info: always }),
    },
    ...addresses,
  );
}

function missing(instance: string, address: string, more = {}) {
  const labels = { job, instance, ...vrrp, address, difference: 'address', ...more };
  return {
    severity: 'warning' as const,
    labels,
    description: `Virtual address ${address} (VRRP instance ${labels.instance_name}) is configured on ${instance} and not on every director of its pair: after a failover to a director without it, the address does not answer.`,
  };
}

function equal(instance: string) {
  return {
    severity: 'warning' as const,
    labels: { job, instance, ...vrrp, kind: 'base', difference: 'priority' },
    description: `VRRP instance VI_1 (VRID 51) has priority 100 on ${instance} and on another director of its pair: which one becomes master depends on their addresses.`,
  };
}

function versioned(instance: string, version: string) {
  return {
    severity: 'warning' as const,
    labels: { job, instance, version, difference: 'version' },
    description: `keepalived ${version} runs on ${instance}, and another version on another director of its pair.`,
  };
}

const lower = '50 for 2h';

/** An instance by its settings, as `keepalived_vrrp_info` has them. */
function unlike(instance: string, difference: string, text: string, labels = {}) {
  return {
    severity: 'warning' as const,
    labels: { job, instance, ...vrrp, difference, ...labels },
    description: `VRRP instance VI_1 ${text}.`,
  };
}

const refused = "they refuse each other's advertisements, and both become master";
const unheard = 'they do not hear each other, and both become master';
const info = { version: '2', authentication: 'none' };

const localAddresses = { 'fe80::1': always, '169.254.0.10': always, '127.0.0.53': always };

/** Two directors that differ in one setting, and two that do not, with other addresses. */
function pairOf(one: Settings, other: Settings) {
  return {
    ...director('d1', { addresses: { [first]: always }, settings: one }),
    ...director('d2', { addresses: { [first]: always }, settings: other, priority: lower }),
    ...director('e1', { addresses: { [second]: always }, settings: one }),
    ...director('e2', { addresses: { [second]: always }, settings: one, priority: lower }),
    ...director('other', { addresses: { '192.0.2.30': always }, settings: other }),
  };
}

export const keepalivedPairTests = [
  ...alertTests(
    'KeepalivedPairDiffers',
    {
      when: 'a director gets an address that its partner does not have, and neither has a cluster',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always, [second]: 'nothing for 10m, 1 for 30m, gone for 1h' } }),
        ...director('d2', { priority: lower, addresses: { [first]: '0 for 2h' } }),
        // Another pair, with the same VRID and name, that has addresses of its own and ones that each machine may have.
        ...director('e1', { addresses: { '192.0.2.30': always, '192.0.2.31': always, ...localAddresses } }),
        ...director('e2', { priority: lower, addresses: { '192.0.2.30': always, '192.0.2.31': always } }),
        ...director('one-alone', { addresses: { '192.0.2.40': always, '192.0.2.41': always } }),
      },
      expected: {
        '24m': [],
        '25m': [missing('d1', second)],
        '44m': [missing('d1', second)],
        '46m': [],
      },
    },
    {
      when: 'a reload reaches the second director ten minutes after the first',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always, [second]: 'nothing for 10m, 1 for 1h' } }),
        ...director('d2', { priority: lower, addresses: { [first]: always, [second]: 'nothing for 20m, 1 for 1h' } }),
      },
      expected: { '19m': [], '30m': [], '1h': [] },
    },
    {
      when: 'two of three directors have an address',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always, [second]: always } }),
        ...director('d2', { priority: lower, addresses: { [first]: always, [second]: always } }),
        ...director('d3', { priority: '40 for 2h', addresses: { [first]: always } }),
      },
      expected: { '30m': [missing('d1', second), missing('d2', second)] },
    },
    {
      when: 'one director of a pair has an instance more, as master or as backup of a third one',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always } }),
        ...director('d2', { priority: lower, addresses: { [first]: always } }),
        ...director('d1', { name: 'VI_2', addresses: { [second]: always } }),
        ...director('d2', { name: 'VI_3', backup: always, addresses: { '192.0.2.50': always } }),
      },
      expected: { '30m': [missing('d1', second, { instance_name: 'VI_2' })] },
    },
    {
      when: 'the exporter of the partner does not answer',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always, [second]: always } }),
        ...director('d2', {
          priority: lower,
          addresses: { [first]: '1 for 5m, gone for 1h', [second]: '1 for 5m, gone for 1h' },
        }),
      },
      expected: { '30m': [] },
    },
    {
      when: 'priorities are the same, with a cluster and without, and in clusters apart',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { priority: '100 for 2h', addresses: { [first]: always, [second]: always } }),
        ...director('d2', { priority: '100 for 2h', addresses: { [first]: always, [second]: always } }),
        ...director('a', { cluster: 'a', priority: '100 for 2h', addresses: { [first]: always } }),
        ...director('b', { cluster: 'b', priority: '100 for 2h', addresses: { [first]: always } }),
      },
      expected: { '14m': [], '15m': [equal('d1'), equal('d2')] },
    },
    {
      when: 'two of three directors have the same priority, and directors without preemption that are all backup',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { priority: '150 for 2h', addresses: { [first]: always } }),
        ...director('d2', { priority: '100 for 2h', addresses: { [first]: always } }),
        ...director('d3', { priority: '100 for 2h', addresses: { [first]: always } }),
        ...director('e1', { priority: '150 for 2h', backup: always, addresses: { [second]: always } }),
        ...director('e2', { priority: '100 for 2h', backup: always, addresses: { [second]: always } }),
        ...director('f1', { priority: '100 for 2h', backup: always, addresses: { '192.0.2.60': always } }),
        ...director('f2', { priority: '100 for 2h', backup: always, addresses: { '192.0.2.60': always } }),
      },
      expected: { '15m': [equal('d2'), equal('d3'), equal('f1'), equal('f2')] },
    },
    {
      when: 'two instances of a director have one VRID on two interfaces, and each director is master of one',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always } }),
        ...director('d1', { interface: 'eth1', name: 'VI_2', priority: lower, addresses: { [second]: always } }),
        ...director('d2', { priority: lower, addresses: { [first]: always } }),
        ...director('d2', { interface: 'eth1', name: 'VI_2', addresses: { [second]: always } }),
      },
      expected: { '30m': [] },
    },
    {
      when: 'directors have an address in two instances with different VRIDs, and each is master of one',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always } }),
        ...director('d1', { name: 'VI_2', settings: { vrid: '52' }, priority: lower, addresses: { [first]: always } }),
        ...director('d2', { priority: lower, addresses: { [first]: always } }),
        ...director('d2', { name: 'VI_2', settings: { vrid: '52' }, addresses: { [first]: always } }),
      },
      expected: { '30m': [] },
    },
    {
      when: 'addresses are listed in another order, names of instances and interfaces differ, and one director has labels more',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always, [second]: always } }),
        ...director('d2', {
          priority: lower,
          name: 'VI_WEB',
          interface: 'bond0',
          labels: { daemon: 'blue', netns: 'blue' },
          addresses: { [second]: always, [first]: always },
        }),
        ...director('e1', { addresses: { '192.0.2.60': always, '192.0.2.61': always } }),
        ...director('e2', { priority: lower, labels: { daemon: 'blue' }, addresses: { '192.0.2.60': always } }),
      },
      expected: { '30m': [missing('e1', '192.0.2.61')] },
    },
    {
      when: 'a cluster is a whole site, whose pairs use one VRID',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { cluster: 'site', addresses: { [first]: always } }),
        ...director('d2', { cluster: 'site', priority: lower, addresses: { [first]: always } }),
        ...director('e1', {
          cluster: 'site',
          version: '2.2.8',
          settings: { version: '3' },
          addresses: { [second]: always },
        }),
        ...director('e2', {
          cluster: 'site',
          version: '2.2.8',
          settings: { version: '3' },
          priority: lower,
          addresses: { [second]: always },
        }),
        ...director('one-alone', { cluster: 'site', addresses: { '192.0.2.40': always } }),
      },
      expected: { '30m': [] },
    },
    {
      when: 'keepalived is updated on one director after the other, and each restarts',
      scrapeSeconds: 60,
      series: {
        ...director('d1', {
          version: '2.2.8',
          addresses: { [first]: '1 for 5m, gone for 2m, 1 for 1h', [second]: '1 for 5m, gone for 3m, 1 for 1h' },
        }),
        ...director('d2', {
          version: '2.2.8',
          priority: lower,
          addresses: { [first]: '1 for 15m, gone for 2m, 1 for 1h', [second]: '1 for 15m, gone for 2m, 1 for 1h' },
        }),
        ...of({ instance: 'd1', version: '2.2.8' }, { keepalived_info: '1 for 5m, gone for 1h' }),
        ...of({ instance: 'd1', version: '2.3.4' }, { keepalived_info: 'nothing for 5m, 1 for 1h' }),
        ...of({ instance: 'd2', version: '2.2.8' }, { keepalived_info: '1 for 15m, gone for 1h' }),
        ...of({ instance: 'd2', version: '2.3.4' }, { keepalived_info: 'nothing for 15m, 1 for 1h' }),
      },
      expected: { '14m': [], '19m': [], '30m': [], '45m': [] },
    },
    {
      when: 'keepalived is updated on one director of two and of three, and tried on another for hours',
      scrapeSeconds: 300,
      evaluationSeconds: 300,
      series: {
        ...director('d1', { version: '2.3.4', addresses: { [first]: '1 for 26h' } }),
        ...director('d2', { version: '2.2.8', priority: lower, addresses: { [first]: '1 for 26h' } }),
        ...director('e1', { version: '2.2.8', addresses: { '192.0.2.30': '1 for 26h' } }),
        ...director('f1', { addresses: { [second]: '1 for 26h' } }),
        ...director('f2', { priority: lower, addresses: { [second]: '1 for 26h' } }),
        ...of({ instance: 'd1', version: '2.3.4' }, { keepalived_info: '1 for 26h' }),
        ...of({ instance: 'd2', version: '2.2.8' }, { keepalived_info: '1 for 26h' }),
        ...of({ instance: 'f1', version: '2.3.4' }, { keepalived_info: '1 for 2h, gone for 20h, 1 for 4h' }),
        ...of({ instance: 'f1', version: '2.4.3' }, { keepalived_info: 'nothing for 2h, 1 for 20h, gone for 4h' }),
        ...of({ instance: 'f2', version: '2.3.4' }, { keepalived_info: '1 for 26h' }),
      },
      expected: {
        '1h': [],
        '20h': [],
        '24h10m': [],
        '24h15m': [versioned('d1', '2.3.4'), versioned('d2', '2.2.8')],
      },
    },
    {
      when: 'VRIDs are not the same, and one director has its address in two instances',
      scrapeSeconds: 60,
      series: {
        ...pairOf({ vrid: '51' }, { vrid: '52' }),
        ...director('f1', { addresses: { '192.0.2.60': always } }),
        ...director('f1', { addresses: { '192.0.2.60': always }, name: 'VI_2', settings: { vrid: '61' } }),
        ...director('f2', { addresses: { '192.0.2.60': always }, priority: lower }),
        ...director('f2', {
          addresses: { '192.0.2.60': always },
          priority: lower,
          name: 'VI_2',
          settings: { vrid: '61' },
        }),
      },
      expected: {
        '14m': [],
        '15m': ['51', '52'].map((vrid, index) =>
          unlike(
            `d${index + 1}`,
            'VRID',
            `has VRID ${vrid} on d${index + 1}, and another VRID on another director of its pair: ${unheard}`,
            {
              ...info,
              vrid,
            },
          ),
        ),
      },
    },
    {
      when: 'types of authentication are not the same, and that of a third director is not known',
      scrapeSeconds: 60,
      series: {
        ...pairOf({ authentication: 'simple_password' }, {}),
        ...director('g1', { addresses: { '192.0.2.60': always }, settings: { authentication: '' } }),
        ...director('g2', { addresses: { '192.0.2.60': always }, priority: lower }),
      },
      expected: {
        '14m': [],
        '15m': ['simple_password', 'none'].map((authentication, index) =>
          unlike(
            `d${index + 1}`,
            'authentication',
            `(VRID 51) has authentication ${authentication} on d${index + 1}, and another type on another director of its pair: ${refused}`,
            {
              ...info,
              authentication,
            },
          ),
        ),
      },
    },
    {
      when: 'versions of VRRP are not the same, and that of a third director is not known',
      scrapeSeconds: 60,
      series: {
        ...pairOf({ version: '3' }, {}),
        ...director('g1', { addresses: { '192.0.2.60': always }, settings: { version: '' } }),
        ...director('g2', { addresses: { '192.0.2.60': always }, priority: lower }),
      },
      expected: {
        '14m': [],
        '15m': ['3', '2'].map((version, index) =>
          unlike(
            `d${index + 1}`,
            'VRRP version',
            `(VRID 51) has VRRP version ${version} on d${index + 1}, and another version on another director of its pair: ${refused}`,
            {
              ...info,
              version,
            },
          ),
        ),
      },
    },
    {
      when: 'advertisement intervals are not the same',
      scrapeSeconds: 60,
      series: pairOf({ interval: '0.25 for 2h' }, {}),
      expected: {
        '14m': [],
        '15m': ['250ms', '1s'].map((interval, index) =>
          unlike(
            `d${index + 1}`,
            'advertisement interval',
            `(VRID 51) advertises every ${interval} on d${index + 1}, and at another interval on another director of its pair. With VRRP version 2, ${refused}`,
          ),
        ),
      },
    },
    {
      when: 'one director uses unicast, and another pair has directors with one and with two peers',
      scrapeSeconds: 60,
      series: {
        ...pairOf({ peers: '1 for 2h' }, {}),
        ...director('g1', { addresses: { '192.0.2.60': always }, settings: { peers: '1 for 2h' } }),
        ...director('g2', { addresses: { '192.0.2.60': always }, settings: { peers: '2 for 2h' }, priority: lower }),
      },
      expected: {
        '14m': [],
        '15m': [
          unlike(
            'd1',
            'unicast',
            `(VRID 51) uses unicast on d1, and multicast on another director of its pair: ${unheard}`,
          ),
          unlike(
            'd2',
            'unicast',
            `(VRID 51) uses multicast on d2, and unicast on another director of its pair: ${unheard}`,
          ),
        ],
      },
    },
    {
      when: 'a reload reaches the second director ten minutes after the first',
      scrapeSeconds: 60,
      series: {
        ...director('d1', { addresses: { [first]: always }, settings: { interval: '1 for 10m, 2 for 2h' } }),
        ...director('d2', {
          addresses: { [first]: always },
          settings: { interval: '1 for 20m, 2 for 2h' },
          priority: lower,
        }),
      },
      expected: { '19m': [], '30m': [], '1h': [] },
    },
  ),
];
