import { validateHeaderValue } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../../host/errors.ts';
import { parseDuration } from '../../parsers/duration.ts';
import { quote } from '../../parsers/numbers.ts';
import { cipherNames, clientPolicies, curves, http2Ciphers, versions } from './go-tls-names.ts';

/** A web configuration file is not one. The message names the place in it and what was expected. */
export class WebConfigError extends Error {
  override readonly name = 'WebConfigError';
}

/** YAML reads `X-XSS-Protection: 1` as a number; the format has strings. */
const text = z.union([z.string(), z.number(), z.boolean()], 'expected a text').transform(String);
/** `cert_file: ""` is the same as none. */
const filled = text.transform((value) => value || undefined).optional();
/** Go's YAML reads these as booleans where one is expected; YAML 1.2 has the first two alone. */
const isTrue = /^(?:true|y|yes|on)$/i;
const isFalse = /^(?:false|n|no|off)$/i;
const flag = text
  .refine((value) => isTrue.test(value) || isFalse.test(value), 'expected true or false')
  .transform((value) => isTrue.test(value));
const oneOf = <const T extends readonly string[]>(names: T) =>
  z.enum(names, { error: ({ input }) => `expected one of ${names.join(', ')}, got ${quote(String(input))}` });
const named = <T extends Readonly<Record<string, string>>>(names: T) =>
  oneOf(Object.keys(names) as (keyof T & string)[]);

const tlsServerConfig = z.strictObject({
  cert: filled,
  key: filled,
  client_ca: filled,
  cert_file: filled,
  key_file: filled,
  client_ca_file: filled,
  client_auth_type: filled
    // The first name that the format had for it.
    .transform((name) => (name === 'RequireClientCert' ? 'RequireAnyClientCert' : name))
    .pipe(oneOf(clientPolicies).optional()),
  client_allowed_sans: z.array(text).optional(),
  cipher_suites: z.array(oneOf(cipherNames)).default([]),
  curve_preferences: z.array(named(curves)).default([]),
  min_version: named(versions).default('TLS12'),
  max_version: named(versions).default('TLS13'),
  prefer_server_cipher_suites: flag.default(true),
});

/** As net/http of Go sends it: the bytes of UTF-8, line ends as blanks. YAML's `|` and `>` end a text with one. */
const headerValue = text
  .transform((value) => Buffer.from(value.replaceAll(/[\r\n]/g, ' ').trim()).toString('latin1'))
  .refine(isHeaderValue, 'expected a text without control characters');

function isHeaderValue(value: string): boolean {
  try {
    validateHeaderValue('X', value);
    return true;
  } catch {
    return false;
  }
}

const headers = z.strictObject({
  'Strict-Transport-Security': headerValue.exactOptional(),
  'X-Content-Type-Options': oneOf(['nosniff']).exactOptional(),
  'X-Frame-Options': oneOf(['deny', 'sameorigin']).exactOptional(),
  'X-XSS-Protection': headerValue.exactOptional(),
  'Content-Security-Policy': headerValue.exactOptional(),
});

/** Cost 16 takes 6 s of a processor for each check; the format allows up to 31, which takes two days. */
export function isBcryptHash(text: string): boolean {
  return /^\$2[abxy]?\$(0[4-9]|1[0-6])\$[./A-Za-z\d]{53}$/.test(text);
}

/** A hash, or where it is: `$CREDENTIALS_DIRECTORY/NAME`, which exporter-toolkit does not have. */
const expectedHash = 'expected a bcrypt hash of cost 4 to 16, such as "htpasswd -nBC 10 NAME" prints';
const passwordHash = z
  .string(expectedHash)
  .refine(
    (value) => isBcryptHash(value) || /^\$(CREDENTIALS_DIRECTORY|\{CREDENTIALS_DIRECTORY\})\/./.test(value),
    expectedHash,
  );

/** A number without a unit is one of nanoseconds, as to Go. */
const interval = z
  .union([z.number(), z.string()], 'expected a duration such as 1s')
  .transform((value) => (typeof value === 'number' ? value / 1e9 : parseGoDuration(value)))
  .pipe(z.number('expected a duration such as 1s').min(0, 'expected a duration such as 1s'));

const goUnitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6 };

/** Seconds of `1h30m`, `1.5s` or `100us`, as time.ParseDuration of Go reads them, and of Prometheus' durations. */
function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^((\d+\.?\d*|\.\d+)([nuµμm]?s|[mh]))+$/.test(text)) return parseDuration(text);
  const parts = [...text.matchAll(/([\d.]+)([^\d.]+)/g)];
  return parts.reduce(
    (total, [, count, unit = '']) => total + Number(count) * (goUnitSeconds[unit] ?? parseDuration(`1${unit}`) ?? 0),
    0,
  );
}

const webConfig = z.strictObject({
  tls_server_config: tlsServerConfig.optional(),
  http_server_config: z.strictObject({ http2: flag.default(true), headers: headers.optional() }).optional(),
  basic_auth_users: z.record(z.string(), passwordHash).default({}),
  rate_limit: z.strictObject({ interval: interval.default(0), burst: z.int().min(0).default(0) }).optional(),
});

export type TlsServerConfig = z.output<typeof tlsServerConfig>;

/** A file in the format of exporter-toolkit. */
export interface WebConfig {
  /** Absent for plain HTTP. */
  readonly tls: TlsServerConfig | undefined;
  /** Added to every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes of the passwords, or the credentials that have them, by user. Empty if no password is needed. */
  readonly users: ReadonlyMap<string, string>;
  /** Seconds for one more request to be allowed, and how many may come at once. Absent for no limit. */
  readonly rateLimit: { readonly interval: number; readonly burst: number } | undefined;
}

/** Reads the text of a web configuration file. Throws WebConfigError. */
export function parseWebConfig(yaml: string): WebConfig {
  const { data, error } = webConfig.safeParse(readYaml(yaml));
  if (error) throw new WebConfigError(formatIssue(error));
  const tls = isEnabled(data.tls_server_config) ? data.tls_server_config : undefined;
  if (tls) check(tls, data.http_server_config?.http2 ?? true);
  return {
    tls,
    headers: data.http_server_config?.headers ?? {},
    users: new Map(Object.entries(data.basic_auth_users)),
    rateLimit: data.rate_limit && data.rate_limit.interval > 0 ? data.rate_limit : undefined,
  };
}

function readYaml(yaml: string): unknown {
  try {
    // Warnings would quote lines of the file on standard error: they may hold a key.
    return withoutNulls(parseYaml(yaml, { merge: true, logLevel: 'error' }) ?? {});
  } catch (error) {
    // The first line alone, for the same reason. An alias without an anchor is a ReferenceError, one of itself a RangeError.
    throw new WebConfigError(messageOf(error).split('\n')[0]?.slice(0, maxMessageLength));
  }
}

const maxMessageLength = 200;

/**
 * A key without a value is as good as absent, but for a user: without one, no password would be asked for. What is no
 * plain map, such as a set, stays what it is.
 */
function withoutNulls(value: unknown, keepsNulls = false): unknown {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).filter(([, inner]) => keepsNulls || inner !== null);
  // Not seen by what checks the sections.
  if (entries.some(([key]) => key === '__proto__')) throw new WebConfigError('the key __proto__ cannot be used');
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner, key === 'basic_auth_users')]));
}

function formatIssue({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.map((key) => shorten(String(key))) ?? [];
  if (issue?.code === 'unrecognized_keys') return `unknown key ${[...place, shorten(issue.keys[0] ?? '')].join('.')}`;
  return place.length === 0 ? 'expected sections such as tls_server_config' : `${place.join('.')}: ${issue?.message}`;
}

/** A key may be as long as the file. */
function shorten(key: string): string {
  return key.length > maxKeyLength ? `${key.slice(0, maxKeyLength)}…` : key;
}

const maxKeyLength = 60;

function isEnabled(tls: TlsServerConfig | undefined): boolean {
  const { cert, key, cert_file, key_file, client_ca, client_ca_file, client_auth_type } = tls ?? {};
  return [cert, key, cert_file, key_file, client_ca, client_ca_file, client_auth_type].some((value) => value);
}

function check(tls: TlsServerConfig, http2: boolean): void {
  const refuse = (what: string) => {
    throw new WebConfigError(`tls_server_config: ${what}`);
  };
  if (!tls.cert_file && !tls.cert) refuse('cert_file or cert is missing');
  if (!tls.key_file && !tls.key) refuse('key_file or key is missing');
  if ((tls.client_ca_file || tls.client_ca) && (tls.client_auth_type ?? 'NoClientCert') === 'NoClientCert') {
    refuse('client_ca_file is of no use without client_auth_type: RequireAndVerifyClientCert');
  }
  const needsHttp2Cipher = http2 && tls.cipher_suites.length > 0 && tls.min_version !== 'TLS13';
  if (needsHttp2Cipher && !http2Ciphers.some((name) => tls.cipher_suites.includes(name))) {
    refuse(`cipher_suites has none that HTTP/2 may use: add ${http2Ciphers[0]} or set http2: false`);
  }
}
