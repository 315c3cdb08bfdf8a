import { messageOf } from '../../host/errors.ts';
import { openWebConfig } from './store.ts';

/** Whether a web configuration file can be used, in the words of `promtool check web-config`. */
export interface CheckedWebConfig {
  readonly isValid: boolean;
  readonly line: string;
}

/** Reads a web configuration file and the files that it names, as the exporter does when it starts. */
export function checkWebConfig(file: string, credentialsDirectory: string | undefined): CheckedWebConfig {
  try {
    openWebConfig(file, credentialsDirectory).current();
    return { isValid: true, line: `${file} SUCCESS` };
  } catch (error) {
    return { isValid: false, line: `${file} FAILED: ${messageOf(error)}` };
  }
}
