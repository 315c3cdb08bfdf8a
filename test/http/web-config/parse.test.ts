import { describe, expect, it } from 'vitest';
import { parseWebConfig, WebConfigError } from '../../../src/http/web-config/parse.ts';

const pair = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';
const hash = '$2y$10$qRTBuFoULoYNA7AQ/F3ck.trZBPyjV64.oA4ZsSBCIWvXuvQlQTuu';

/** The cases of exporter-toolkit's own tests, in its order. */
describe('a web configuration that exporter-toolkit accepts', () => {
  it.each([
    ['empty', ''],
    ['certificate and key', pair],
    ['a client policy', `${pair}  client_auth_type: VerifyClientCertIfGiven\n`],
    ['a policy by its first name', `${pair}  client_auth_type: RequireClientCert\n`],
    ['verified clients without an authority', `${pair}  client_auth_type: RequireAndVerifyClientCert\n`],
    ['allowed names', `${pair}  client_allowed_sans: [one, test3]\n`],
    [
      'cipher suites',
      `${pair}  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]\n  max_version: TLS12\n`,
    ],
    [
      'cipher suites without one for HTTP/2',
      `${pair}  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]\nhttp_server_config:\n  http2: false\n`,
    ],
    ['curves', `${pair}  curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]\n`],
    ['an empty section', 'tls_server_config:\nbasic_auth_users:\n'],
    ['a user', `basic_auth_users:\n  carol: ${hash}\n`],
    ['no rate limit', 'rate_limit:\n  interval: 0\n  burst: 0\n'],
    ['headers', 'http_server_config:\n  headers:\n    X-Frame-Options: deny\n    X-XSS-Protection: 1\n'],
  ])('%s', (_what, yaml) => expect(() => parseWebConfig(yaml)).not.toThrow());
});

describe('a web configuration as YAML 1.1 of Go', () => {
  const preferring = (value: string) =>
    parseWebConfig(`${pair}  prefer_server_cipher_suites: ${value}\n`).tls?.prefer_server_cipher_suites;

  it('has booleans in other words', () => {
    expect(['yes', 'On', 'y', 'TRUE', 'true'].map(preferring)).toEqual([true, true, true, true, true]);
    expect(['no', 'OFF', 'n', 'False', 'false'].map(preferring)).toEqual([false, false, false, false, false]);
    expect(() => preferring('maybe')).toThrow('tls_server_config.prefer_server_cipher_suites: expected true or false');
  });

  it('takes no text for a boolean', () => {
    expect(parseWebConfig(`basic_auth_users:\n  yes: ${hash}\n  no: ${hash}\n`).users.size).toBe(2);
  });

  it('merges keys', () => {
    const { tls } = parseWebConfig(`tls_server_config:\n  <<: {cert_file: a, key_file: b}\n  key_file: c\n`);
    expect([tls?.cert_file, tls?.key_file]).toEqual(['a', 'c']);
  });
});

describe('a web configuration that exporter-toolkit refuses', () => {
  it.each([
    ['no sections', 'hWkNKCp3fvIx3jKnsaBI', 'expected sections such as tls_server_config'],
    ['an unknown key', 'tls_server_config:\n  cert_filse: server.crt\n', 'unknown key tls_server_config.cert_filse'],
    ['an unknown section', 'tls_config: {}\n', 'unknown key tls_config'],
    ['no YAML', 'a: "\n', 'Missing closing "quote at line 2, column 1:'],
    ['a key twice', 'rate_limit: {}\nrate_limit: {}\n', 'Map keys must be unique at line 2, column 1:'],
    ['an empty certificate', `${pair.replace('server.crt', '""')}`, 'tls_server_config: cert_file or cert is missing'],
    ['no key', 'tls_server_config:\n  cert: x\n', 'tls_server_config: key_file or key is missing'],
    [
      'an authority without a policy',
      `${pair}  client_ca_file: /dev/null\n`,
      'tls_server_config: client_ca_file is of no use without client_auth_type: RequireAndVerifyClientCert',
    ],
    [
      'an invented policy',
      `${pair}  client_auth_type: x\n`,
      /^tls_server_config.client_auth_type: expected one of NoClientCert, .*, got "x"$/,
    ],
    [
      'an invented cipher suite',
      `${pair}  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048]\n`,
      /^tls_server_config.cipher_suites.0: expected one of .*, got "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048"$/,
    ],
    [
      'no cipher suite for HTTP/2',
      `${pair}  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]\n  max_version: TLS12\n`,
      'tls_server_config: cipher_suites has none that HTTP/2 may use: add TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or set http2: false',
    ],
    [
      'an invented curve',
      `${pair}  curve_preferences: [CurveP257]\n`,
      'tls_server_config.curve_preferences.0: expected one of CurveP256, CurveP384, CurveP521, X25519, got "CurveP257"',
    ],
    [
      'an invented version',
      `${pair}  min_version: TLS111\n`,
      'tls_server_config.min_version: expected one of TLS10, TLS11, TLS12, TLS13, got "TLS111"',
    ],
    [
      'a password that is no hash',
      'basic_auth_users:\n  john: doe\n',
      'basic_auth_users.john: expected a bcrypt hash of cost 4 to 16, such as "htpasswd -nBC 10 NAME" prints',
    ],
    [
      'a wrong header value',
      'http_server_config:\n  headers:\n    X-Content-Type-Options: sniff\n',
      'http_server_config.headers.X-Content-Type-Options: expected one of nosniff, got "sniff"',
    ],
    [
      'a header that is not for it',
      'http_server_config:\n  headers:\n    Content-Type: foo\n',
      'unknown key http_server_config.headers.Content-Type',
    ],
    ['a user without a hash', 'basic_auth_users:\n  john:\n', /^basic_auth_users.john: expected a bcrypt hash/],
    [
      'a user whose hash is no text',
      'basic_auth_users:\n  john: [x]\n',
      /^basic_auth_users.john: expected a bcrypt hash/,
    ],
    ['a set of users', 'basic_auth_users: !!set {john, jane}\n', /^basic_auth_users: /],
    ['a list of users', 'basic_auth_users: !!omap [john: x]\n', /^basic_auth_users: /],
    ['a user that JavaScript takes for a prototype', `basic_auth_users:\n  __proto__: ${hash}\n`, /__proto__/],
    ['a section of that name', '__proto__:\n  basic_auth_users: {}\n', /__proto__/],
    ['a map that is in itself', '&a {basic_auth_users: *a}\n', /Maximum call stack/],
    ['a negative interval', 'rate_limit:\n  interval: -1s\n', 'rate_limit.interval: expected a duration such as 1s'],
    [
      'an interval without a number',
      'rate_limit:\n  interval: .s\n',
      'rate_limit.interval: expected a duration such as 1s',
    ],
    ['an odd interval', 'rate_limit:\n  interval: soon\n', 'rate_limit.interval: expected a duration such as 1s'],
  ])('%s', (_what, yaml, message) => expect(() => parseWebConfig(yaml)).toThrow(message));
});

it.each([
  ['1.5s', 1.5],
  ['100us', 1e-4],
  ['100µs', 1e-4],
  ['250ns', 2.5e-7],
  ['1h2m.5s', 3720.5],
  ['2d', 172_800],
  ['0.25m', 15],
  ['500000000', 0.5],
])('parseWebConfig() takes %s for the interval that it is to Go', (interval, seconds) => {
  const { rateLimit } = parseWebConfig(`rate_limit:\n  interval: ${interval}\n  burst: 1\n`);
  expect(rateLimit?.interval).toBeCloseTo(seconds, 12);
});

it.each([
  ['a tag', '!'.repeat(100_000)],
  ['an alias', '*'.repeat(100_000)],
])('parseWebConfig() shortens a message with the name of %s', (_what, yaml) => {
  expect(() => parseWebConfig(yaml)).toThrow(/^.{20,200}$/);
});

it.each([
  ['a byte order mark', '\ufeffhttp_server_config: {http2: false}\n'],
  ['line ends of Windows', 'http_server_config:\r\n  http2: false\r\n'],
  ['a directive', '%YAML 1.1\n---\nhttp_server_config: {http2: false}\n'],
  ['an end of the document', 'http_server_config: {http2: false}\n...\n'],
  ['names that objects have', `basic_auth_users: {constructor: ${hash}, toString: ${hash}}\n`],
])('parseWebConfig() reads a file with %s', (what, yaml) => {
  expect([...parseWebConfig(yaml).users.keys()]).toEqual(what.startsWith('names') ? ['constructor', 'toString'] : []);
});

it('never repeats the file in a message, which may hold a key', () => {
  expect(() => parseWebConfig('tls_server_config:\n  key: |\n    -----BEGIN s3cr3t\n  : [')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('s3cr3t') }),
  );
});

it.each([
  ['an alias without an anchor', 'basic_auth_users: *secret\n'],
  ['a merge of what is not a map', 'a: &secret 1\nbasic_auth_users: { <<: *secret }\n'],
  ['aliases that multiply', `a: &a [1]\n${Array.from({ length: 150 }, () => 'b: *a\n').join('')}`],
])('parseWebConfig() refuses %s', (_what, yaml) => {
  expect(() => parseWebConfig(yaml)).toThrow(WebConfigError);
});

it('parseWebConfig() writes no warning, which would quote the file', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  expect(() => parseWebConfig('basic_auth_users: !!secret\n  alice: s3cr3t\n')).toThrow(WebConfigError);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
