import { constants } from 'node:crypto';
import { constants as fileConstants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { messageOf } from '../../host/errors.ts';
import { formatIPv6 } from '../../identity/address.ts';
import { type ClientPolicy, cipherNames, curves, opensslCiphers, versions } from './go-tls-names.ts';
import { type TlsServerConfig, WebConfigError } from './parse.ts';
import { readConfigured } from './read-configured.ts';

/** Settings of a TLS server. */
export interface TlsSettings {
  readonly context: SecureContextOptions;
  readonly clients: ClientRules;
}

export interface ClientRules {
  readonly policy: ClientPolicy;
  /** One of these must be among the names in a client's certificate. Undefined: any will do. */
  readonly allowedNames: ReadonlySet<string> | undefined;
}

/** Files that a configuration names, from its own folder. */
export function filesOf(tls: TlsServerConfig, folder: string): string[] {
  return [tls.cert_file, tls.key_file, tls.client_ca_file].flatMap((file) => (file ? [resolve(folder, file)] : []));
}

/** The files with a private key that any user of the machine can read. */
export function findExposedKeys(tls: TlsServerConfig, configFile: string): string[] {
  const file = tls.key_file === undefined ? configFile : resolve(dirname(configFile), tls.key_file);
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  return mode & fileConstants.S_IROTH ? [file] : [];
}

/** Reads the certificates. Throws WebConfigError. */
export function readTlsSettings(tls: TlsServerConfig, folder: string): TlsSettings {
  const read = (key: 'cert' | 'key' | 'client_ca') => {
    const file = tls[`${key}_file`];
    return file === undefined ? tls[key] : readPem(resolve(folder, file), `${key}_file`);
  };
  const context: SecureContextOptions = {
    cert: read('cert'),
    key: read('key'),
    ca: authorityOf(read('client_ca')),
    minVersion: versions[tls.min_version],
    maxVersion: versions[tls.max_version],
    honorCipherOrder: tls.prefer_server_cipher_suites,
    // A ticket would let a client in whose certificate is no longer trusted.
    secureOptions: constants.SSL_OP_NO_TICKET,
    // Node's own choice has suites without forward secrecy.
    ciphers: opensslCiphers(tls.cipher_suites.length > 0 ? tls.cipher_suites : cipherNames),
    ...(tls.curve_preferences.length > 0 && { ecdhCurve: tls.curve_preferences.map((name) => curves[name]).join(':') }),
  };
  try {
    createSecureContext(context);
  } catch (error) {
    throw new WebConfigError(`tls_server_config: certificate and key do not work: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const allowedNames = tls.client_allowed_sans && new Set(tls.client_allowed_sans);
  return { context, clients: { policy: tls.client_auth_type ?? 'NoClientCert', allowedNames } };
}

/** An empty file names no authority: to Node.js, an empty text stands for the public ones. */
function authorityOf(pem: string | undefined): string | undefined {
  return pem === '' ? '\n' : pem;
}

/** A bundle of every authority has a quarter of it. */
const maxPemBytes = 2 ** 20;

function readPem(path: string, key: string): string {
  try {
    return readConfigured(path, maxPemBytes);
  } catch (error) {
    throw new WebConfigError(`tls_server_config.${key}: cannot read the file: ${messageOf(error)}`, { cause: error });
  }
}

export function asksForCertificate({ policy }: ClientRules): boolean {
  return policy !== 'NoClientCert';
}

/** Why a client may not come in; undefined when it may. */
export function refusal(socket: TLSSocket, { policy, allowedNames }: ClientRules): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return policy.startsWith('Require') ? 'it has no certificate' : undefined;
  // Node.js sets an Error; its type is wrong.
  if (policy.includes('Verify') && !socket.authorized) return `its certificate: ${socket.authorizationError}`;
  const names = alternativeNames(certificate.subjectAltName ?? '');
  if (allowedNames && !names.some((name) => allowedNames.has(name))) return 'its certificate has no allowed name';
  return undefined;
}

/** The names in Node's form of the extension: `DNS:a.example, IP Address:0:0:0:0:0:0:0:1`, odd ones in JSON's quotes. */
export function alternativeNames(subjectAltName: string): string[] {
  const found = subjectAltName.matchAll(/(DNS|IP Address|email|URI):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...found].map(([, kind, value = '']) => {
    if (value.startsWith('"')) return String(JSON.parse(value));
    const isIPv6 = kind === 'IP Address' && value.includes(':');
    return isIPv6 ? formatIPv6(value.split(':').map((group) => Number.parseInt(group, 16))) : value;
  });
}
