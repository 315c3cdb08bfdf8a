import { keepalivedScriptUp, keepalivedUp } from '../../collectors/keepalived/metrics.ts';
import { several } from '../../readings/format.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { describeInstance, type Instance, listInstances } from '../../readings/vrrp-instances.ts';
import type { Finding } from '../finding.ts';
import { quote } from '../remedies/shell.ts';

/** VRRP instances that could not take over. */
export function cannotTakeOver(readings: Readings): Finding[] {
  return [
    ...keepalivedStopped(readings),
    ...listInstances(readings).flatMap((instance) => faultState(readings, instance)),
  ];
}

function keepalivedStopped(readings: Readings): Finding[] {
  const stopped = readings.all(keepalivedUp).filter(({ value }) => value === 0);
  return stopped.flatMap(({ labels: { daemon } }) => {
    const names = listInstances(readings)
      .filter(({ labels }) => labels.daemon === daemon)
      .map(({ name }) => name);
    return names.length === 0 ? [] : [describeStopped(readings, daemon ?? '', names)];
  });
}

function describeStopped(readings: Readings, daemon: string, names: readonly string[]): Finding {
  const which = daemon === '' ? 'keepalived' : `The keepalived ${daemon}`;
  return {
    id: 'keepalived-stopped',
    subject: daemon,
    urgency: 'critical',
    title: `${which} does not run, so that this machine does not take over`,
    evidence: [`It last had ${several(names.length, 'instance')}: ${names.join(', ')}`],
    consequence: 'When the other director fails, nobody serves. Real servers that fail are not taken out.',
    remedies: [
      {
        title: 'Start it, and see why it ended',
        by: ownerOf(readings),
        commands: ['systemctl start keepalived', 'journalctl -u keepalived -n 50 --no-pager'],
        tradeOff: 'With the higher priority it becomes master at once, unless it is configured with nopreempt.',
        undo: ['systemctl stop keepalived'],
      },
    ],
    runbook: 'KeepalivedDown',
  };
}

function faultState(readings: Readings, instance: Instance): Finding[] {
  if (instance.state !== 'fault') return [];
  const failed = readings.all(keepalivedScriptUp).filter(({ value }) => value === 0);
  return [
    {
      id: 'vrrp-fault',
      subject: instance.name,
      urgency: 'critical',
      title: `The ${describeInstance(instance)} is in FAULT`,
      evidence: ['State: fault', ...failed.map(({ labels }) => `Its script ${labels.script} fails`)],
      consequence: 'It cannot become master: when the other director fails, nobody serves.',
      remedies: [
        {
          title: 'Look at the interface and at what keepalived tracks',
          by: ownerOf(readings),
          commands: [
            `ip -d link show dev ${quote(instance.labels.interface ?? '')}`,
            'journalctl -u keepalived -n 50 --no-pager',
          ],
          tradeOff: 'It only looks.',
          undo: [],
        },
      ],
      runbook: undefined,
    },
  ];
}
