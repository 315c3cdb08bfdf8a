import { z } from 'zod';
import type { FactsById, FindingId } from '../src/diagnosis/facts.ts';
import { findingKinds } from '../src/diagnosis/kinds/index.ts';
import { type RemedyId, remedies } from '../src/diagnosis/remedies/index.ts';
import { schemaVersion } from '../src/diagnosis/report/report.ts';
import { severities } from '../src/identity/severity.ts';

/** docs/diagnose.schema.json: what `lvs-exporter diagnose --output=json` prints. */
export function reportSchemaFile(): string {
  const schema = z.toJSONSchema(reportSchema);
  return `${JSON.stringify({ $id: schemaAddress, title: 'lvs-exporter diagnose', ...schema }, undefined, 2)}\n`;
}

const schemaAddress = `urn:lvs-exporter:diagnose:${schemaVersion}`;
const findingIds = Object.keys(findingKinds) as FindingId[];
const remedyIds = Object.keys(remedies) as RemedyId[];

const text = z.string();
const number = z.number();
const severity = z.enum(severities);
const some = (item: z.ZodType) => z.array(item).min(1);

/** Ports, zones, marks and router ids are names here, as in labels of metrics: empty where there is none. */
const endpoint = z.strictObject({ protocol: text, address: text, port: text, zone: text });
const service = z.strictObject({
  protocol: text,
  address: text,
  port: text,
  fwmark: text,
  family: text.optional(),
  name: text.optional(),
});
const owner = z.strictObject({ portId: text, device: text, domain: text, vm: text, project: text, evidence: text });

const subject = z
  .strictObject({
    namespace: text,
    destination: endpoint,
    owner,
    zone: text,
    source: text,
    service,
    realServer: z.strictObject({ address: text, port: text, forward: text }),
    instance: z.strictObject({ name: text, interface: text, routerId: text }),
    address: text,
    interface: text,
    daemon: text,
    collector: text,
  })
  .partial();

/** By name; each name ends with its unit. */
const numbers = z.record(
  z
    .string()
    .regex(
      /(Entries|Lines|Flows|Packets|Connections|Advertisements|Buckets|Ports|Servers|Services|Rules|Destinations|Instances|Namespaces|Restarts|Weight|Setting|Ratio|Bytes|Seconds|PerSecond)$/,
    ),
  number,
);

const holder = z.strictObject({
  subject,
  numbers,
  details: z.strictObject({ zone: text, isOwn: z.boolean(), sendsReplies: z.literal(true).optional() }),
});
const timer = z.strictObject({ setting: text, presentSeconds: number, defaultSeconds: number });
const setting = z.strictObject({ name: text, presentSetting: number, neededSetting: number });

type DetailName = { [Id in FindingId]: keyof FactsById[Id]['details'] }[FindingId];

/** Of all findings. Each has a few of them: `FactsById` of src/diagnosis/facts.ts. */
const details = z
  .strictObject({
    culprits: z.array(z.strictObject({ subject, verdict: text.optional(), numbers })),
    dominant: z.strictObject({ protocol: text, state: text, port: text.optional(), setting: text, numbers }),
    scanner: holder,
    opener: holder,
    target: z.strictObject({ subject, numbers }),
    verdict: text,
    zone: text,
    isOwn: z.boolean(),
    sendsReplies: z.literal(true),
    timers: z.array(timer),
    largest: z.array(z.strictObject({ namespace: text, presentEntries: number })),
    refused: z.array(text),
    chains: z.array(text),
    zonesWithoutNat: z.array(text),
    ports: z.array(text),
    always: z.array(text),
    whileLow: z.array(text),
    family: text,
    picksUp: z.boolean(),
    tool: text,
    rate: text,
    effect: text,
    position: text,
    rule: text,
    path: text,
    isBridged: z.boolean(),
    isEstimated: z.boolean(),
    owners: z.array(text),
    others: z.array(z.strictObject({ chain: text, position: text, refusedPerSecond: number })),
    isLimitAssumed: z.boolean(),
    services: z.array(z.strictObject({ service, arrivalsPerSecond: number, neededEntries: number })),
    protocols: z.array(text),
    kernel: text,
    needed: text,
    running: text,
    settings: z.array(setting),
    setting: text,
    destinations: z.array(z.strictObject({ subject, trackedEntries: number })),
    interfaces: z.array(text),
    strictInterfaces: z.array(text),
    instances: z.array(text),
    process: text,
    isUp: z.boolean(),
    targets: z.array(text),
    causes: z.array(z.strictObject({ reason: text, cause: text })),
    state: text,
    isBound: z.boolean(),
    hasNoPorts: z.boolean(),
    queues: text,
    hasProgram: z.boolean(),
    matches: text,
    owner: text,
    source: text,
    sourceRole: z.enum(['real server', 'peer', 'private address', 'shared network']),
    dropping: z.array(z.strictObject({ chain: text, tool: text })),
    kinds: z.array(z.strictObject({ kind: text, refusedAdvertisements: number })),
    dump: text,
    of: text,
    reason: text,
    kernelForward: text,
    hint: text,
    fallback: text,
    denied: z.array(z.strictObject({ collector: text, reason: text })),
    peers: z.array(text),
    role: text,
    isDirector: z.boolean(),
    servers: z.array(text),
  } satisfies Readonly<Record<DetailName, z.ZodType>>)
  .partial();

const none = z.strictObject({ none: text });
const file = z.strictObject({
  file: text,
  where: text.optional(),
  replaces: z.literal(true).optional(),
  manager: text.optional(),
  lines: some(text),
});

const remedy = z.strictObject({
  id: z.enum(remedyIds),
  effect: z.enum(['relief', 'cure', 'look']),
  docs: text,
  owner: z.enum(['tenant', 'operator', 'platform team']),
  title: text,
  commands: some(text),
  tradeOff: text,
  undo: z.union([some(text), none]),
  persistent: z.union([some(file), none]),
  verify: some(text),
  met: z.array(text),
  checkFirst: z.array(z.strictObject({ id: text, requires: text, command: text })),
});

const finding = z.strictObject({
  id: z.enum(findingIds),
  severity,
  subject,
  alert: text.optional(),
  runbook: text.optional(),
  title: text,
  notice: text,
  evidence: z.array(text),
  consequence: text,
  numbers,
  details,
  group: z.strictObject({ totalSubjects: number, worst: some(subject) }).optional(),
  remedies: z.array(remedy),
});

const table = z.strictObject({
  namespace: text.optional(),
  presentEntries: number,
  limitEntries: number,
  settlesEntries: number.optional(),
  fullInSeconds: number.optional(),
  evictedPerSecond: number.optional(),
  droppedPerSecond: number.optional(),
});

const reportSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  severity: z.enum(['critical', 'warning', 'ok']),
  at: z.iso.datetime(),
  findings: z.array(finding),
  tables: z.array(table),
  seen: z.array(text),
  absent: z.array(text),
});
