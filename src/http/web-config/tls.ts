import { constants } from 'node:crypto';
import { constants as fileConstants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { messageOf } from '../../host/errors.ts';
import { alternativeNames } from './alternative-names.ts';
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
  const [cert, key] = [read('cert'), read('key')];
  const context: SecureContextOptions = {
    cert,
    key,
    ca: authorityOf(read('client_ca')),
    minVersion: versions[tls.min_version],
    maxVersion: versions[tls.max_version],
    honorCipherOrder: tls.prefer_server_cipher_suites,
    // A ticket would let a client in whose certificate is no longer trusted. Go's servers renegotiate nothing either.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    // Node's own choice has suites without forward secrecy.
    ciphers: opensslCiphers(tls.cipher_suites.length > 0 ? tls.cipher_suites : cipherNames),
    ...(tls.curve_preferences.length > 0 && { ecdhCurve: tls.curve_preferences.map((name) => curves[name]).join(':') }),
  };
  try {
    // To Node.js, an empty text stands for none: no handshake would succeed.
    if (!cert || !key) throw new Error(`the ${cert ? 'key' : 'certificate'} is empty`);
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
  if (!certificate) {
    const needsOne = policy.startsWith('Require') || (allowedNames && policy !== 'NoClientCert');
    return needsOne ? 'it has no certificate' : undefined;
  }
  // Node.js sets an Error; its type is wrong.
  if (policy.includes('Verify') && !socket.authorized) return `its certificate: ${socket.authorizationError}`;
  const names = alternativeNames(certificate.subjectAltName ?? '');
  if (allowedNames && !names.some((name) => allowedNames.has(name))) return 'its certificate has no allowed name';
  return undefined;
}
