import { describe, expect, it } from 'vitest';
import { parseKeepalivedJson } from '../../../src/parsers/keepalived/json.ts';
import { ParseError } from '../../../src/parsers/parse-error.ts';
import {
  counted,
  errorKinds,
  extensionErrorKinds,
  firstDirector,
  readDump,
  secondDirector,
  withoutPeers,
} from '../../keepalived/fixtures.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const roles = ['master', 'master', 'backup', 'fault'] as const;

/** One instance whose `data` and `stats` are changed. */
function dumpWith(data: object, stats: object = {}): string {
  const [instance] = JSON.parse(readDump('2.2.7/master', 'json'));
  return JSON.stringify([{ data: { ...instance.data, ...data }, stats: { ...instance.stats, ...stats } }]);
}

const instancesOf = (text: string) => parseKeepalivedJson(text).instances;

describe('parseKeepalivedJson()', () => {
  it.each([
    ['2.1.5', [1795395924.285804, 1795395924.284442, 1795395920.868371, 1795395920.899899]],
    ['2.2.7/master', [1795395935.318359, 1795395935.283783, 1795395931.856863, 1795395931.866126]],
    ['2.3.4', [1795395946.460055, 1795395946.437007, 1795395942.989716, 1795395942.993913]],
  ] as const)('reads a dump of keepalived %s', (folder, transitions) => {
    expect(instancesOf(readDump(folder, 'json'))).toEqual(
      firstDirector([...transitions]).map((instance, index) => ({
        ...withoutPeers(instance),
        counters: counted(roles[index] ?? 'fault'),
      })),
    );
  });

  it('reads a dump of keepalived 2.4.3, which counts errors of the authentication extension', () => {
    const instances = firstDirector([1795395957.374215, 1795395957.373293, 1795395953.953442, 1795395953.961182]);
    expect(instancesOf(readDump('2.4.3', 'json'))).toEqual(
      instances.map((instance, index) => ({
        ...withoutPeers(instance),
        counters: counted(roles[index] ?? 'fault', 4, [...errorKinds, ...extensionErrorKinds]),
      })),
    );
  });

  it('reads a dump of keepalived 2.0.10, which does not print the interface of an address', () => {
    const instances = firstDirector([1795395913.158271, 1795395913.134291, 1795395909.674665, 1795395909.714008]);
    expect(instancesOf(readDump('2.0.10', 'json'))).toEqual(
      instances.map((instance, index) => ({
        ...withoutPeers(instance),
        addresses: instance.addresses.map((address) => ({ ...address, interface: '' })),
        counters: counted(roles[index] ?? 'fault'),
      })),
    );
  });

  it('reads a dump of the other director', () => {
    const others = ['backup', 'backup', 'master', 'fault'] as const;
    expect(instancesOf(readDump('2.2.7/backup', 'json'))).toEqual(
      secondDirector.map((instance, index) => ({
        ...withoutPeers(instance),
        counters: counted(others[index] ?? 'fault'),
      })),
    );
  });

  it('reads each counter into its place', () => {
    const [instance] = instancesOf(
      dumpWith(
        {},
        {
          advert_rcvd: 1,
          advert_sent: 2,
          become_master: 3,
          release_master: 4,
          packet_len_err: 5,
          advert_interval_err: 6,
          ip_ttl_err: 7,
          invalid_type_rcvd: 8,
          addr_list_err: 9,
          invalid_authtype: 10,
          authtype_mismatch: 11,
          auth_failure: 12,
          pri_zero_rcvd: 13,
          pri_zero_sent: 14,
          auth_ext_missing: 15,
          auth_ext_malformed: 16,
          auth_ext_unknown_key: 17,
          auth_ext_invalid_hmac: 18,
          auth_ext_stale: 19,
          auth_ext_replay: 20,
        },
      ),
    );
    expect(instance?.counters).toEqual({
      becameMaster: 3,
      releasedMaster: 4,
      advertisementsReceived: 1,
      advertisementsSent: 2,
      priorityZeroReceived: 13,
      priorityZeroSent: 14,
      errors: new Map([
        ['packet_length', 5],
        ['ttl', 7],
        ['invalid_type', 8],
        ['advertisement_interval', 6],
        ['address_list', 9],
        ['invalid_authentication_type', 10],
        ['authentication_type_mismatch', 11],
        ['authentication_failure', 12],
        ['authentication_extension_missing', 15],
        ['authentication_extension_malformed', 16],
        ['authentication_extension_unknown_key', 17],
        ['authentication_extension_invalid_hmac', 18],
        ['authentication_extension_stale', 19],
        ['authentication_extension_replay', 20],
      ]),
    });
  });

  it.each([
    [0, 'init'],
    [1, 'backup'],
    [2, 'master'],
    [3, 'fault'],
    [97, 'deleted'],
    [98, 'stop'],
  ])('reads state %d as %s', (number, name) => {
    const [instance] = instancesOf(dumpWith({ state: number, wantstate: number }));
    expect(instance).toMatchObject({ state: name, wantedState: name });
  });

  it('leaves out the counters of an instance that has none', () => {
    const [{ data }] = JSON.parse(readDump('2.2.7/master', 'json'));
    expect(instancesOf(JSON.stringify([{ data }]))).toEqual(
      firstDirector([1795395935.318359, 0, 0, 0]).slice(0, 1).map(withoutPeers),
    );
  });

  it('leaves out the errors that a keepalived without authentication does not count', () => {
    const text = dumpWith({}, { authtype_mismatch: undefined, auth_failure: undefined });
    expect([...(instancesOf(text)[0]?.counters?.errors.keys() ?? [])]).toEqual(errorKinds.slice(0, 6));
  });

  it('takes an instance without addresses for IPv4, and reads an interface that is missing as none', () => {
    const text = dumpWith({ vips: undefined, evips: undefined, ifp_ifname: undefined });
    expect(instancesOf(text)[0]).toMatchObject({ family: 'ipv4', addresses: [], interface: '' });
  });

  it('reads tracked processes where the dump has them: with json_version 2', () => {
    expect(parseKeepalivedJson(readDump('tracking/2.4.3', 'json')).trackedProcesses).toEqual([
      { name: 'balancer', processes: 0, hasQuorum: false },
      { name: 'proxy', processes: 0, hasQuorum: false },
    ]);
    expect(parseKeepalivedJson(readDump('tracking/2.2.7', 'json')).trackedProcesses).toEqual([]);
  });

  it('leaves out when the last transition was where keepalived 2.0.11 to 2.0.16 print six digits of it', () => {
    const text = dumpWith({ last_transition: 1795395935.318359 });
    const rounded = text.replace('1795395935.318359', '1.7954e+09');
    expect(instancesOf(text)[0]?.lastTransitionSeconds).toBe(1795395935.318359);
    expect(parseKeepalivedJson(rounded)).toMatchObject({
      instances: [{ lastTransitionSeconds: undefined }],
      skipped: { lines: 0 },
    });
  });

  it('reads a counter that passed 2^31, which keepalived before 2.0.11 prints as a negative number', () => {
    const text = dumpWith({}, { advert_sent: -1, auth_ext_invalid_mac: 7 });
    expect(instancesOf(text)[0]?.counters).toMatchObject({ advertisementsSent: 2 ** 32 - 1 });
    expect(instancesOf(text)[0]?.counters?.errors.get('authentication_extension_invalid_hmac')).toBe(7);
  });

  it('reads an empty list', () => {
    expect(parseKeepalivedJson('[]')).toEqual({
      instances: [],
      trackedProcesses: [],
      skipped: { lines: 0, problems: [] },
    });
    expect(parseKeepalivedJson('{"vrrp":[]}')).toEqual({
      instances: [],
      trackedProcesses: [],
      skipped: { lines: 0, problems: [] },
    });
  });

  const refused: readonly [string, string][] = [
    ['', 'expected JSON, got a text that is cut off or malformed'],
    ['[{"data":{"iname":"VI', 'expected JSON, got a text that is cut off or malformed'],
    ['7', 'expected vrrp to be an object, got 7'],
    ['null', 'expected vrrp to be an object, got null'],
    ['{}', 'expected vrrp to be an array, got nothing'],
    ['{"vrrp":{}}', 'expected vrrp to be an array, got an object'],
  ];
  it.each(refused.map(([text, problem]) => [problem, text]))('refuses a dump: %s', (problem, text) => {
    expect(() => parseKeepalivedJson(text)).toThrow(new ParseError(1, problem));
  });

  const odd: readonly [string, string][] = [
    ['[7]', 'expected vrrp[0] to be an object, got 7'],
    ['[[]]', 'expected vrrp[0] to be an object, got an array'],
    ['[{}]', 'expected vrrp[0].data to be an object, got nothing'],
    [dumpWith({ iname: '' }), 'expected vrrp[0].data.iname to be a text, got ""'],
    [dumpWith({ iname: undefined }), 'expected vrrp[0].data.iname to be a text, got nothing'],
    [dumpWith({ ifp_ifname: 7 }), 'expected vrrp[0].data.ifp_ifname to be a text, got 7'],
    [dumpWith({ vrid: 'x' }), 'expected vrrp[0].data.vrid to be a whole number from 1 to 255, got "x"'],
    [dumpWith({ vrid: 0 }), 'expected vrrp[0].data.vrid to be a whole number from 1 to 255, got 0'],
    [dumpWith({ vrid: 256 }), 'expected vrrp[0].data.vrid to be a whole number from 1 to 255, got 256'],
    [dumpWith({ vrid: 1.5 }), 'expected vrrp[0].data.vrid to be a whole number from 1 to 255, got 1.5'],
    [dumpWith({ base_priority: -1 }), 'expected vrrp[0].data.base_priority to be a whole number from 0 to 255, got -1'],
    [dumpWith({ state: 7 }), 'expected vrrp[0].data.state to be one of 0, 1, 2, 3, 97, 98, got 7'],
    [dumpWith({ wantstate: '2' }), 'expected vrrp[0].data.wantstate to be one of 0, 1, 2, 3, 97, 98, got "2"'],
    [dumpWith({ last_transition: '0' }), 'expected vrrp[0].data.last_transition to be a number of seconds, got "0"'],
    [dumpWith({ vips: 'x' }), 'expected vrrp[0].data.vips to be an array, got "x"'],
    [
      dumpWith({ vips: ['10.9.0.100/24 scope global'] }),
      'expected vrrp[0].data.vips[0] to be an address and its interface, got "10.9.0.100/24 scope global"',
    ],
    [
      dumpWith({}, { advert_sent: -1.5 }),
      'expected vrrp[0].stats.advert_sent to be a whole number from -2147483648 to 9007199254740991, got -1.5',
    ],
    [
      dumpWith({}, { become_master: undefined }),
      'expected vrrp[0].stats.become_master to be a whole number from -2147483648 to 9007199254740991, got nothing',
    ],
    ['{"vrrp":[],"track_process":7}', 'expected track_process to be an array, got 7'],
    [
      '{"vrrp":[],"track_process":[{"process":"p","current_processes":1}]}',
      'expected track_process[0].have_quorum to be true or false, got nothing',
    ],
  ];
  it.each(odd.map(([text, problem]) => [problem, text]))(
    'loses what is malformed, and counts it: %s',
    (problem, text) => {
      expect(parseKeepalivedJson(text).skipped).toEqual({ lines: 1, problems: [`Cannot parse line 1: ${problem}`] });
    },
  );

  it('loses a malformed member, and nothing else', () => {
    const [whole] = instancesOf(dumpWith({}));
    expect(instancesOf(dumpWith({ vrid: 0 }))).toEqual([{ ...whole, vrid: undefined }]);
    expect(instancesOf(dumpWith({ state: 7, vips: 7 }))).toEqual([
      { ...whole, state: undefined, addresses: whole?.addresses.filter(({ excluded }) => excluded) },
    ]);
    expect(instancesOf(dumpWith({}, { advert_sent: -1.5 }))).toEqual([
      { ...whole, counters: { ...whole?.counters, advertisementsSent: undefined } },
    ]);
  });

  it('reads the states of a keepalived before 2.0, some of which have the numbers of others', () => {
    const read = (state: number) => parseKeepalivedJson(dumpWith({ state }), true).instances[0]?.state;
    expect([0, 1, 2, 3, 4, 96, 97, 98].map(read)).toEqual([
      'init',
      'backup',
      'master',
      'fault',
      'backup',
      'master',
      'stop',
      'fault',
    ]);
  });

  it('reads names with what keepalived up to 2.0.16 and 2.3.4 escapes wrongly', () => {
    const text = dumpWith({ iname: 'NAME' });
    expect(instancesOf(text.replace('NAME', String.raw`it\'s`))[0]?.name).toBe("it's");
    expect(instancesOf(text.replace('NAME', 'esc\u001bname\u0001'))[0]?.name).toBe('esc\u001bname\u0001');
    expect(instancesOf(text.replace('NAME', String.raw`back\\slash \"x\"`))[0]?.name).toBe('back\\slash "x"');
  });

  it('names the line where the JSON is malformed, and quotes nothing of it', () => {
    expect(() => parseKeepalivedJson('[\n{"data":{"auth_data":"secret"};\n}]')).toThrow(
      new ParseError(2, 'expected JSON, got a text that is cut off or malformed'),
    );
  });

  it.each(['2.2.7/master', '2.4.3', 'tracking/2.4.3'])(
    'gives a value without NaN or a ParseError for any text: %s',
    (folder) => {
      expectParsedOrRefused(parseKeepalivedJson, readDump(folder, 'json'));
    },
  );
});
