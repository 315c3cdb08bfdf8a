import { z } from 'zod';
import { dumpKinds, processKinds } from '../host/host.ts';
import { vrrpEvents } from '../parsers/keepalived/vrrp/announcement.ts';
import { vrrpStates } from '../parsers/keepalived/vrrp/vrrp-instance.ts';

/** A recording may be a stranger's: what leads the replay is checked, what is read from it a collector checks. */
const texts = z.record(z.string(), z.string());
const kind = z.enum(dumpKinds);

/** Seconds of a clock that Date has, too. */
const seconds = z.number().min(0).max(8.64e12);

const keepalived = z.looseObject({
  daemon: z.string().optional(),
  running: z.boolean(),
  version: z.string().optional(),
  processes: z
    .array(z.looseObject({ process: z.enum(processKinds), startSeconds: seconds.optional(), restarts: z.int().min(0) }))
    .optional(),
  ended: z.array(kind).optional(),
  modifiedSeconds: z.partialRecord(kind, seconds),
});

const subject = z.looseObject({
  type: z.enum(['instance', 'group']),
  name: z.string(),
  counts: z.partialRecord(z.enum(vrrpEvents), z.number()),
  state: z.enum([...vrrpStates, 'unknown']),
  priority: z.number(),
  seconds,
  transitionSeconds: seconds,
});

const platform = z.looseObject({
  manufacturer: z.string(),
  model: z.string(),
  virtual: z.boolean(),
  virtualHost: z.string(),
  memoryBytes: z.number().optional(),
});

const flows = z.looseObject({
  complete: z.boolean(),
  interrupted: z.boolean().optional(),
  source: z.enum(['netlink', 'procfs']).optional(),
  liveCount: z.number().min(0).optional(),
});

const frame = z.looseObject({
  seconds,
  errors: texts.default({}),
  links: texts.default({}),
  directories: z.record(z.string(), z.array(z.string())).default({}),
  flows: z.record(z.string(), flows).default({}),
  cut: z.array(z.string()).default([]),
  counters: z
    .record(z.string(), z.array(z.looseObject({ cpu: z.int().min(0), counters: z.record(z.string(), z.number()) })))
    .default({}),
  keepalived: z.union([z.array(keepalived), keepalived]).optional(),
  announcements: z
    .looseObject({ listening: z.boolean(), subjects: z.array(subject), malformedLines: z.number() })
    .optional(),
  platform: platform.optional(),
});

const recording = z.looseObject({
  startedSeconds: seconds,
  everySeconds: z.number().positive().max(8.64e12),
});

/** Throws an Error that names the place. */
export function checkFrame(value: unknown, path: string): void {
  check(frame, value, path);
}

export function checkRecording(value: unknown, path: string): void {
  check(recording, value, path);
}

function check(schema: z.ZodType, value: unknown, path: string): void {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return;
  const place = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  throw new Error(`Cannot replay "${path}": ${place}${issue.message}`);
}
