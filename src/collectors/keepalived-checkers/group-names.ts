import { virtualServerKey } from '../../identity/virtual-server.ts';
import type { KeepalivedCheck } from '../../parsers/keepalived/checkers/check.ts';
import type { CheckedIdentity } from '../../parsers/keepalived/checkers/checked-server.ts';
import type { FindName } from '../../parsers/service-names.ts';

export interface GroupNames {
  /** Keeps the names of these until the next. */
  note(checks: readonly KeepalivedCheck[]): void;
  /** The virtual_server_group that a virtual server belongs to. Undefined for one without a group. */
  readonly find: FindName;
}

/** A group stands for several virtual servers, and its name for what they are. */
export function createGroupNames(): GroupNames {
  let names: ReadonlyMap<string, string> = new Map();
  return {
    note(checks) {
      const servers = checks.filter(({ ownNamespace }) => ownNamespace).flatMap((check) => check.virtualServers);
      names = new Map(servers.flatMap(({ group, services }) => services.flatMap((one) => pair(one, group))));
    },
    find: ({ family, ...service }) => names.get(keyOf({ ...service, family })) ?? names.get(keyOf(service)),
  };
}

function pair(service: CheckedIdentity, group: string | undefined): [string, string][] {
  return group === undefined ? [] : [[keyOf(service), group]];
}

/** keepalived does not always report the family of a firewall mark. */
function keyOf({ family, ...service }: Omit<CheckedIdentity, 'family'> & { family?: string | undefined }): string {
  return virtualServerKey(family === undefined ? service : { ...service, family });
}
