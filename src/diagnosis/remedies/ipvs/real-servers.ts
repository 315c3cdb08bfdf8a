import { findServiceManager, type ServiceManager } from '../../../readings/machine.ts';
import { serviceOption } from '../../commands/ipvsadm.ts';
import { keepalivedJournal } from '../../commands/journal.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** What else shows why a service has no real servers, by what sets it up: a title that goes on, and commands. */
const alsoShown: Readonly<Partial<Record<ServiceManager, readonly [string, ...string[]]>>> = {
  ldirectord: [
    ', and what ldirectord logged about them. With quiescent = yes, it gives weight 0 to those whose checks fail',
    'tail -n 50 /var/log/ldirectord.log',
  ],
  seesaw: ['. Seesaw sets them: read its log'],
  gorb: ['. gorb sets them, and gives weight 0 to those whose checks fail: read its log'],
  'kube-vip': ['. kube-vip sets them: read the log of its pod'],
  keepalived: [
    ', and what keepalived logged about them',
    `${keepalivedJournal} --since -1h | grep -i -E "removing|adding|quorum|check"`,
  ],
  'docker-swarm': [
    ', and the tasks of the services that have them',
    'docker service ls',
    'docker service ps --no-trunc $(docker service ls --quiet)',
  ],
};

export const lookAtRealServers: RemedyKind = {
  docs: 'look-at-real-servers',
  effect: 'look',
  preconditions: ['ipvsadm-installed'],
  plan: (readings, { subject: { service } }) => {
    if (service === undefined) return undefined;
    const manager = findServiceManager(readings);
    const [more, ...commands] = (manager && alsoShown[manager]) ?? [''];
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Show the real servers${more}`,
      commands: [`ipvsadm -L -n ${serviceOption(service)}`, ...commands],
      verify: ['lvs-exporter diagnose'],
    };
  },
};
