import { firewall } from '../collectors/firewall/firewall.ts';
import { createNamespaceCollectors } from '../collectors/index.ts';
import { collectInNamespace } from '../collectors/namespaced.ts';
import { chooseNamespaces, createOtherNamespaces, findOtherNamespaces } from '../collectors/other-namespaces.ts';
import { prerequisites } from '../collectors/prerequisites/prerequisites.ts';
import type { Collector } from '../scrape/collector.ts';
import { openMachine } from './open-machine.ts';
import type { MachineConfig } from './options/machine-config.ts';

/**
 * What `diagnose` reads of this machine: the tables of other network namespaces too, without being asked. The
 * firewall's rules cannot be had without starting a command, which the exporter itself never does.
 */
export async function collectorsHere(config: MachineConfig): Promise<Collector[]> {
  const configured = config.collectors.flatMap(({ name }) => name.split('@').slice(1));
  const chosen = chooseNamespaces(await findOtherNamespaces(openMachine(config)));
  const added = chosen.filter((name) => !configured.includes(name));
  return [
    ...config.collectors,
    ...createNamespaceCollectors(added),
    createOtherNamespaces([...configured, ...added]),
    firewall,
    ...added.map((name) => collectInNamespace(firewall, name)),
    prerequisites,
  ];
}
