import { serverAddress, serverOption, serviceOption } from '../../commands/ipvsadm.ts';
import { sysctlPlan } from '../../commands/sysctl.ts';
import type { AnyFound, Found } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

export const ipvsWithoutConntrack: RemedyKind = {
  docs: 'ipvs-settings',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings) => ({
    owner: ownerOf(readings),
    title: 'Stop tracking the connections that IPVS forwards',
    ...sysctlPlan(readings, [{ setting: 'net.ipv4.vs.conntrack', from: 1, to: 0 }], readings.netns),
    tradeOff: 'Stateful rules and NAT no longer apply to forwarded packets.',
    verify: ['sysctl net.ipv4.vs.conntrack'],
  }),
};

export const countAgain: RemedyKind = {
  docs: 'ipvs-settings',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    if (found.id !== 'ipvs-counters-frozen' || found.details.setting !== 'net.ipv4.vs.run_estimation') return undefined;
    return {
      owner: ownerOf(readings),
      title: 'Have IPVS count by service and real server again',
      ...sysctlPlan(readings, [{ setting: found.details.setting, from: 0, to: 1 }], readings.netns),
      tradeOff:
        'Every 2 s, the kernel adds up the counters of each service and real server. With tens of thousands of them, that delays packets.',
      verify: ['sysctl net.ipv4.vs.run_estimation', 'ipvsadm -L -n --stats'],
    };
  },
};

export const matchKeepalived: RemedyKind = {
  docs: 'ipvs-settings',
  effect: 'cure',
  preconditions: ['ipvsadm-installed'],
  plan: (readings, found) => {
    const steps = stepsFor(found);
    return (
      steps && {
        owner: ownerOf(readings),
        title: 'Set in IPVS what keepalived configures',
        commands: [steps.command],
        tradeOff: 'A change that was made by hand with ipvsadm is lost.',
        undo: [steps.undo],
        persistent: { none: 'keepalived sets the same when it starts.' },
        verify: ['ipvsadm -L -n'],
      }
    );
  },
};

interface Steps {
  readonly command: string;
  readonly undo: string;
}

function stepsFor(found: AnyFound): Steps | undefined {
  if (found.id !== 'keepalived-kernel-disagrees' || found.details.of !== 'real server') return undefined;
  const { subject, numbers } = found;
  if (subject.service === undefined || subject.realServer === undefined) return undefined;
  const { kernelWeight = 0, wantedWeight = 0 } = numbers;
  const service = serviceOption(subject.service);
  const remove = `ipvsadm -d ${service} ${serverAddress(subject.realServer)}`;
  const set = (action: '-a' | '-e', server: string, weight: number) =>
    `ipvsadm ${action} ${service} ${server} -w ${weight}`;
  const wanted = serverOption(subject.realServer);
  const present = presentServer(found);
  if (wanted === undefined || present === undefined) return undefined;
  switch (found.details.reason) {
    case 'missing':
      return { command: set('-a', wanted, wantedWeight), undo: remove };
    case 'unwanted':
    case 'unmanaged':
      return { command: remove, undo: set('-a', wanted, kernelWeight) };
    case 'weight':
      return { command: set('-e', wanted, wantedWeight), undo: set('-e', wanted, kernelWeight) };
    case 'forward':
      return { command: set('-e', wanted, kernelWeight), undo: set('-e', present, kernelWeight) };
  }
  return undefined;
}

function presentServer({ subject: { realServer }, details }: Found<'keepalived-kernel-disagrees'>): string | undefined {
  const { address = '', port = '', forward = '' } = realServer ?? {};
  return serverOption({ address, port, forward: details.kernelForward ?? forward });
}
