import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const expectation = z.strictObject({
  finding: z.string(),
  severity: z.enum(['critical', 'warning', 'info']).optional(),
  /** A part of the address, port, state or setting that the finding must name. */
  culprit: z.string().optional(),
  /** The remedy that comes first. */
  remedy: z.string(),
  /** Part of the name of remedies that would do harm. */
  never: z.string().optional(),
});

const description = z.strictObject({
  title: z.string(),
  machines: z.array(z.string()),
  reported: z.string(),
  source: z.url().optional(),
  healthy: z.literal(true).optional(),
  expect: expectation.optional(),
});

export type Expected = z.infer<typeof expectation>;

/** An incident, or a healthy machine of the same kind, of which nothing is expected. */
export interface Incident extends Omit<z.infer<typeof description>, 'expect' | 'healthy'> {
  readonly name: string;
  /** The file that holds what the machine showed. */
  readonly recording: string;
  readonly expected: Expected | undefined;
}

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Every incident of this folder, by name. */
export function readIncidents(): readonly Incident[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => name)
    .sort()
    .map(readIncident);
}

function readIncident(name: string): Incident {
  const text = readFileSync(`${folder}${name}/incident.yaml`, 'utf8');
  const { healthy, expect, ...rest } = description.parse(parse(text));
  if ((healthy === undefined) === (expect === undefined)) throw new Error(`${name} is neither healthy nor faulty`);
  return { ...rest, name, recording: `${folder}${name}/recording.json.gz`, expected: expect };
}
