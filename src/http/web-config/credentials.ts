import { join } from 'node:path';
import { messageOf } from '../../host/errors.ts';
import { readRegularFileSync } from '../../host/regular-file.ts';
import { isBcryptHash, type WebConfig, WebConfigError } from './parse.ts';

const variable = /^\$(?:CREDENTIALS_DIRECTORY|\{CREDENTIALS_DIRECTORY\})(?:\/|$)/;

/** Whether a text names a credential of the service: `$CREDENTIALS_DIRECTORY/server.key`, systemd.exec(5). */
export function isCredential(text: string): boolean {
  return variable.test(text);
}

/** The path of a credential, or the path as it is. `directory` is where systemd put the credentials. */
export function expandCredential(path: string, directory: string | undefined): string {
  if (!isCredential(path)) return path;
  if (directory !== undefined) return join(directory, path.replace(variable, ''));
  throw new WebConfigError(`${path}: the service has no credentials, set LoadCredential= in its unit`);
}

/** The same configuration, whose files are paths. */
export function expandCredentials(config: WebConfig, directory: string | undefined): WebConfig {
  const expand = <T extends string | undefined>(path: T) => path && expandCredential(path, directory);
  const { tls, users } = config;
  const files = tls && {
    cert_file: expand(tls.cert_file),
    key_file: expand(tls.key_file),
    client_ca_file: expand(tls.client_ca_file),
  };
  return {
    ...config,
    tls: tls && { ...tls, ...files },
    users: new Map([...users].map(([user, hash]) => [user, expandCredential(hash, directory)])),
  };
}

/** Files with the hash of one user each. */
export function hashFilesOf({ users }: WebConfig): string[] {
  return [...users.values()].filter((hash) => !isBcryptHash(hash));
}

/** Reads the hashes that are in files. Throws WebConfigError. */
export function readHashes({ users }: WebConfig): ReadonlyMap<string, string> {
  return new Map([...users].map(([user, hash]) => [user, isBcryptHash(hash) ? hash : readHash(user, hash)]));
}

function readHash(user: string, file: string): string {
  const hash = readHashFile(user, file).trim();
  if (isBcryptHash(hash)) return hash;
  throw new WebConfigError(`basic_auth_users.${user}: expected ${file} to have a bcrypt hash of cost 4 to 16`);
}

const maxHashBytes = 4096;

function readHashFile(user: string, file: string): string {
  try {
    return readRegularFileSync(file, maxHashBytes);
  } catch (error) {
    throw new WebConfigError(`basic_auth_users.${user}: cannot read the file: ${messageOf(error)}`, { cause: error });
  }
}
