import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../host/errors.ts';
import { expandCredential, expandCredentials, hashFilesOf, readHashes } from './credentials.ts';
import { parseWebConfig, type WebConfig, WebConfigError } from './parse.ts';
import { readConfigured } from './read-configured.ts';
import { filesOf, findExposedKeys, readTlsSettings, type TlsSettings } from './tls.ts';

export interface LoadedWebConfig extends Omit<WebConfig, 'tls'> {
  readonly tls: TlsSettings | undefined;
  /** Files with a private key that any user of the machine can read. */
  readonly exposedKeys: readonly string[];
}

/** A web configuration as it is in its file at this moment. */
export interface WebConfigStore {
  /** Reads the file again if it or a file that it names has changed. Throws an Error that names the file. */
  current(): LoadedWebConfig;
}

/**
 * Nothing is read before the first call of `current`.
 *
 * @param credentialsDirectory where systemd put the credentials of the service.
 */
export function openWebConfig(file: string, credentialsDirectory?: string): WebConfigStore {
  let loaded:
    | { readonly config: LoadedWebConfig; readonly files: readonly string[]; readonly stamp: string }
    | undefined;
  return {
    current() {
      if (loaded && stampOf(loaded.files) === loaded.stamp) return loaded.config;
      loaded = undefined;
      try {
        const path = expandCredential(file, credentialsDirectory);
        const parsed = expandCredentials(parseWebConfig(readConfigured(path, maxBytes)), credentialsDirectory);
        const folder = dirname(path);
        const files = [path, ...(parsed.tls ? filesOf(parsed.tls, folder) : []), ...hashFilesOf(parsed)];
        // Before the files are read: one that changes in between is read once more than needed.
        const stamp = stampOf(files);
        const tls = parsed.tls && readTlsSettings(parsed.tls, folder);
        const exposedKeys = parsed.tls ? findExposedKeys(parsed.tls, path) : [];
        loaded = { config: { ...parsed, tls, users: readHashes(parsed), exposedKeys }, files, stamp };
        return loaded.config;
      } catch (error) {
        if (error instanceof WebConfigError) throw new Error(`${file}: ${error.message}`, { cause: error });
        throw new Error(`Cannot read the web configuration: ${messageOf(error)}`, { cause: error });
      }
    },
  };
}

/** It has a line for each user, and may hold certificates. A pipe in its place would stop every request. */
const maxBytes = 2 ** 20;

/** Differs once a file was written or replaced. */
function stampOf(files: readonly string[]): string {
  return files.map(stampOfFile).join();
}

function stampOfFile(file: string): string {
  const status = statSync(file, { bigint: true, throwIfNoEntry: false });
  return status === undefined ? 'none' : `${status.ino}:${status.size}:${status.mtimeNs}:${status.ctimeNs}`;
}
