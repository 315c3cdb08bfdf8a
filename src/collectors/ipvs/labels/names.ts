import type { ServiceNames } from '../../../host/service-names.ts';
import type { FindName } from '../../../parsers/service-names.ts';

export interface NameOptions {
  /** File with names of virtual servers, in YAML. */
  readonly namesFile?: string | undefined;
  /** Finds the virtual_server_group of keepalived that a virtual server belongs to. */
  readonly findGroup?: FindName;
}

/** What virtual servers are called: by the file, otherwise by keepalived. */
export function createNames({ namesFile, findGroup = () => undefined }: NameOptions): () => Promise<ServiceNames> {
  let read: (() => ServiceNames) | undefined;
  return async () => {
    // The parser of YAML takes memory, and most machines have no such file.
    if (namesFile !== undefined) read ??= (await import('../../../host/service-names.ts')).openServiceNames(namesFile);
    const { find, problem } = read?.() ?? { find: () => undefined, problem: undefined };
    return { find: (service) => find(service) ?? findGroup(service), problem };
  };
}
