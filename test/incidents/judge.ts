import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Observation, observeRecording } from '../../src/cli/observe.ts';
import { firewall } from '../../src/collectors/firewall/firewall.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { createReport, type Report } from '../../src/diagnosis/report/report.ts';
import type { FirewallTexts } from '../../src/host/host.ts';
import { createIncidentCollectors, ownNetworks } from './collectors.ts';
import type { Expected, Incident } from './corpus.ts';
import { unpack } from './packed.ts';

/** What `lvs-exporter diagnose` makes of an incident. */
export type Judgement = 'right' | 'partly' | 'wrong' | 'silent' | 'false alarm';

/** What it reports about the recorded machine. */
export async function diagnoseIncident(incident: Incident): Promise<Report> {
  return createReport(await observeIncident(incident));
}

/**
 * What the collectors read of the recorded machine.
 *
 * @param change what its firewall shows instead.
 */
export async function observeIncident(
  { recording }: Pick<Incident, 'recording'>,
  change: (texts: FirewallTexts) => FirewallTexts = (texts) => texts,
): Promise<Observation> {
  const directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-incident-'));
  try {
    const texts = (await unpack(recording, directory)).map(change);
    const readFirewall: typeof firewall = {
      ...firewall,
      schedule: '* * * * * *',
      collect: (host) => firewall.collect({ ...host, firewall: nextOf(texts) }),
    };
    return await observeRecording({
      directory,
      collectors: [...createIncidentCollectors(), readFirewall, ownNetworks],
      atSeconds: undefined,
      onProgress: () => undefined,
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Each reading has the next ones, and all later readings the last. */
function nextOf(texts: FirewallTexts[]): () => Promise<FirewallTexts> {
  return async () => (texts.length > 1 ? texts.shift() : texts[0]) ?? noRules;
}

const noRules: FirewallTexts = { iptables: '', ip6tables: '', nft: '' };

export function judge({ expected }: Incident, { severity, findings }: Report): Judgement {
  if (expected === undefined) return severity === 'ok' ? 'right' : 'false alarm';
  const [first] = findings;
  const named = findings.find(({ id }) => id === expected.finding);
  if (named === undefined) return severity === 'ok' ? 'silent' : 'wrong';
  return named === first && isRight(expected, named) ? 'right' : 'partly';
}

function isRight({ severity, culprit = '', remedy, never }: Expected, finding: Finding): boolean {
  const offered = finding.remedies.map(({ id }) => id);
  const { subject, details, group } = finding;
  return (
    (severity === undefined || severity === finding.severity) &&
    JSON.stringify({ subject, details, group }).includes(culprit) &&
    offered[0] === remedy &&
    (never === undefined || !offered.some((id) => id.includes(never)))
  );
}
