import { count } from '../../../readings/format.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { sysctlPlan } from '../../commands/sysctl.ts';
import type { RemedyKind } from '../../remedy.ts';

const setting = 'net.netfilter.nf_conntrack_expect_max';
const factor = 4;

/** The limit is one number for all namespaces, and only that of the host itself can set it. */
export const moreExpectations: RemedyKind = {
  docs: 'expected-connections',
  effect: 'relief',
  preconditions: ['sysctl-writable', 'host-namespace'],
  plan: (readings, found) => {
    if (found.id !== 'conntrack-expectations-full') return undefined;
    const { limitConnections: from } = found.numbers;
    const to = from * factor;
    return {
      owner: 'operator',
      title: `Raise the limit of expected connections to ${count(to)}`,
      ...sysctlPlan(readings, [{ setting, from, to }], undefined),
      tradeOff:
        'This gives room, but does not remove the cause: look which helper expects so many, and remove a helper that you do not need.',
      verify: [
        commandInNamespace(readings.netns, 'conntrack -L expect'),
        commandInNamespace(readings.netns, "sh -c 'iptables-save -t raw; nft list ruleset' | grep -i helper"),
      ],
    };
  },
};
