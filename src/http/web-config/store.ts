import { dirname } from 'node:path';
import { messageOf } from '../../host/errors.ts';
import { expandCredential, expandCredentials, hashFilesOf, readHashes } from './credentials.ts';
import { parseWebConfig, type WebConfig, WebConfigError } from './parse.ts';
import { readConfigured } from './read-configured.ts';
import { readWhole, stampOf } from './read-whole.ts';
import { filesOf, findExposedKeys, readTlsSettings, type TlsSettings } from './tls.ts';

/** What a request meets. Certificates have no part in it: requests in open connections go on while these are replaced, as with exporter-toolkit. */
export type RequestRules = Pick<WebConfig, 'headers' | 'users' | 'rateLimit'>;

/** What a new connection meets. */
export interface ConnectionRules {
  readonly tls: TlsSettings | undefined;
  /** Files with a private key that any user of the machine can read. */
  readonly exposedKeys: readonly string[];
}

/** A web configuration as it is in its file at this moment. What has changed is read again. Throws Errors that name the file. */
export interface WebConfigStore {
  current(): ConnectionRules;
  rules(): RequestRules;
}

/**
 * Nothing is read before the first call.
 *
 * @param credentialsDirectory where systemd put the credentials of the service.
 */
export function openWebConfig(file: string, credentialsDirectory?: string): WebConfigStore {
  const [readFile, readUsers, readTls] = [remember<ParsedFile>(), remember<WebConfig>(), remember<ConnectionRules>()];
  const pathOf = () => expandCredential(file, credentialsDirectory);

  function rules(): WebConfig {
    const path = pathOf();
    const { config, hashFiles } = readFile([path], undefined, () => parseFile(path, credentialsDirectory));
    return readUsers(hashFiles, config, () => ({ ...config, users: readHashes(config) }));
  }

  function current(): ConnectionRules {
    const [config, path] = [rules(), pathOf()];
    const [{ tls }, folder] = [config, dirname(path)];
    return readTls(tls ? filesOf(tls, folder) : [], config, () => ({
      tls: tls && readTlsSettings(tls, folder),
      exposedKeys: tls ? findExposedKeys(tls, path) : [],
    }));
  }

  return { rules: () => naming(file, rules), current: () => naming(file, current) };
}

interface ParsedFile {
  readonly config: WebConfig;
  /** Worked out once: every request asks whether one of them changed. */
  readonly hashFiles: readonly string[];
}

function parseFile(path: string, credentialsDirectory: string | undefined): ParsedFile {
  const config = expandCredentials(parseWebConfig(readConfigured(path, maxBytes)), credentialsDirectory);
  return { config, hashFiles: hashFilesOf(config) };
}

function naming<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WebConfigError) throw new Error(`${file}: ${error.message}`, { cause: error });
    throw new Error(`Cannot read the web configuration: ${messageOf(error)}`, { cause: error });
  }
}

/** Gives what was read from files, for a configuration that names them, until one of them or the configuration is another. */
type Remembering<T> = (files: readonly string[], config: object | undefined, read: () => T) => T;

function remember<T>(): Remembering<T> {
  let last: { readonly stamp: string; readonly config: object | undefined; readonly value: T } | undefined;
  return (files, config, read) => {
    if (last && last.config === config && last.stamp === stampOf(files)) return last.value;
    last = undefined;
    last = { config, ...readWhole(files, read) };
    return last.value;
  };
}

/**
 * It has a line for each user, and may hold certificates. A pipe in its place would stop every request, and a file of a
 * megabyte takes a minute to parse.
 */
const maxBytes = 2 ** 18;
