import {
  ethtoolAllowanceExceededTotal,
  ethtoolConntrackAllowanceAvailable,
} from '../../../collectors/ethtool-metrics.ts';
import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** Security groups and their timeouts are set by the interface of EC2, not on the instance. */
export const lookAtAllowance: RemedyKind = {
  docs: 'the-allowance-of-an-ec2-instance',
  effect: 'look',
  preconditions: [],
  plan: (readings) => {
    const metrics = [ethtoolConntrackAllowanceAvailable, ethtoolAllowanceExceededTotal];
    const [first] = metrics.flatMap((metric) => readings.all(metric));
    return {
      ...onlyLooks,
      owner: 'tenant',
      title:
        'Show the allowances. Then open the security groups in both directions, so that EC2 does not track these flows, or use a larger instance',
      commands: [
        commandInNamespace(readings.netns, `ethtool -S ${quoteShell(first?.labels.interface ?? '')} | grep allowance`),
      ],
      verify: ['lvs-exporter diagnose'],
    };
  },
};
