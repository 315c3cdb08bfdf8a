import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../scripts/free-port.ts';
import { needs } from '../needs.ts';

type Labels = Readonly<Record<string, string>>;

const machine = { job: 'lvs-exporter', instance: 'c1' };
const service = { ...machine, protocol: 'tcp', address: '192.0.2.10', port: '443' };

const critical = (alertname: string, labels: Labels = machine) => ({ alertname, severity: 'critical', ...labels });
const warning = (alertname: string, labels: Labels = machine) => ({ alertname, severity: 'warning', ...labels });
const info = (alertname: string, labels: Labels = machine) => ({ alertname, severity: 'info', ...labels });

const cases: readonly { what: string; cause: Labels; symptom: Labels; silences: boolean }[] = [
  {
    what: 'a page silences the warning of the same name',
    cause: critical('ConntrackTableNearlyFull'),
    symptom: warning('ConntrackTableNearlyFull'),
    silences: true,
  },
  {
    what: 'and not that of another machine',
    cause: critical('ConntrackTableNearlyFull'),
    symptom: warning('ConntrackTableNearlyFull', { ...machine, instance: 'c2' }),
    silences: false,
  },
  {
    what: 'nor that of another network namespace',
    cause: critical('ConntrackTableNearlyFull'),
    symptom: warning('ConntrackTableNearlyFull', { ...machine, netns: 'qrouter' }),
    silences: false,
  },
  {
    what: 'a warning silences the note of the same name',
    cause: warning('ConntrackBucketsTooFew'),
    symptom: info('ConntrackBucketsTooFew'),
    silences: true,
  },
  {
    what: 'an exporter that is down silences warnings of its machine',
    cause: warning('LvsExporterTargetDown'),
    symptom: warning('ConntrackAsymmetricFlows', service),
    silences: true,
  },
  {
    what: 'and no page, for a full table may be why it does not answer',
    cause: warning('LvsExporterTargetDown'),
    symptom: critical('ConntrackTableFullSoon'),
    silences: false,
  },
  {
    what: 'a table that evicts silences the forecast',
    cause: critical('ConntrackTableEvicting'),
    symptom: critical('ConntrackTableFullSoon'),
    silences: true,
  },
  {
    what: 'a forecast of less than an hour silences what settles high',
    cause: critical('ConntrackTableFullSoon'),
    symptom: warning('ConntrackEquilibriumHigh'),
    silences: true,
  },
  {
    what: 'and not who does it',
    cause: critical('ConntrackTableFullSoon'),
    symptom: warning('ConntrackAsymmetricFlows', service),
    silences: false,
  },
  {
    what: 'long chains silence failed insertions',
    cause: critical('ConntrackChainTooLong'),
    symptom: warning('ConntrackInsertFailing'),
    silences: true,
  },
  {
    what: 'a service without real servers silences its quorum',
    cause: critical('IpvsServiceWithoutRealServers', service),
    symptom: critical('KeepalivedQuorumLost', service),
    silences: true,
  },
  {
    what: 'and not that of another service',
    cause: critical('IpvsServiceWithoutRealServers', service),
    symptom: critical('KeepalivedQuorumLost', { ...service, port: '80' }),
    silences: false,
  },
  {
    what: 'split brain silences flapping in its cluster',
    cause: critical('KeepalivedSplitBrain', { job: 'lvs-exporter', cluster: 'web', address: '192.0.2.10' }),
    symptom: warning('KeepalivedFlapping', { ...machine, cluster: 'web' }),
    silences: true,
  },
  {
    what: 'and not where there are no clusters',
    cause: critical('KeepalivedSplitBrain', { job: 'lvs-exporter', address: '192.0.2.10' }),
    symptom: warning('KeepalivedFlapping'),
    silences: false,
  },
  {
    what: 'a collector that fails silences its old scan',
    cause: warning('LvsExporterCollectorFailing', { ...machine, collector: 'conntrack-table' }),
    symptom: warning('LvsExporterScanStale'),
    silences: true,
  },
];

const waiting = { timeout: 300_000 };

describe('inhibition', needs('prometheus-alertmanager'), () => {
  let folder: string;
  let alertmanager: ChildProcess;
  let api: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-alertmanager-'));
    const address = `127.0.0.1:${await freePort()}`;
    api = `http://${address}/api/v2/alerts`;
    alertmanager = spawn('prometheus-alertmanager', [
      '--config.file=alerts/alertmanager.yml',
      `--storage.path=${folder}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ]);
    await vi.waitFor(() => fetch(`http://${address}/-/ready`), waiting);
  });

  afterAll(async () => {
    alertmanager.kill();
    await once(alertmanager, 'close');
    await rm(folder, { recursive: true });
  });

  it.each(cases.map((one, index) => ({ ...one, index })))('$what', async ({ cause, symptom, silences, index }) => {
    // A job of its own, so that the alerts of one case do nothing to those of another.
    const job = `lvs-exporter-${index}`;
    await post(job, [cause, symptom]);
    await settle(`${job}-last`);
    expect(await isInhibited(job, symptom)).toBe(silences);
  });

  async function post(job: string, alerts: readonly Labels[]): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(alerts.map((labels) => ({ labels: { ...labels, job } })));
    const { ok } = await fetch(api, { method: 'POST', headers, body });
    expect(ok).toBe(true);
  }

  /** Alertmanager takes alerts in their order: when one silences another that came later, all before are known. */
  async function settle(job: string): Promise<void> {
    const symptom = warning('ConntrackTableNearlyFull');
    await post(job, [critical('ConntrackTableNearlyFull'), symptom]);
    await vi.waitFor(async () => expect(await isInhibited(job, symptom)).toBe(true), waiting);
  }

  async function isInhibited(job: string, { alertname, severity }: Labels): Promise<boolean> {
    const filter = new URLSearchParams({ filter: `job="${job}"` });
    const answer = await fetch(`${api}?${filter}`);
    const alerts = (await answer.json()) as { labels: Labels; status: { inhibitedBy: string[] } }[];
    const found = alerts.find(({ labels }) => labels.alertname === alertname && labels.severity === severity);
    if (!found) throw new Error(`Alertmanager does not have ${alertname}`);
    return found.status.inhibitedBy.length > 0;
  }
});
