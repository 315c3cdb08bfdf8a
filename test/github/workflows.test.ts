import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

// A part of what GitHub checks: the keys of workflows, jobs and steps, pinned actions, permissions, the scripts that are run.

const text = z.union([z.string(), z.number(), z.boolean()]);
const step = z
  .strictObject({
    name: z.string().optional(),
    if: z.string().optional(),
    // A commit, whose version stands behind it: a tag can be moved.
    uses: z
      .string()
      .regex(/^[\w.-]+\/[\w./-]+@[\da-f]{40}$/)
      .optional(),
    with: z.record(z.string(), text).optional(),
    env: z.record(z.string(), text).optional(),
    run: z.string().optional(),
  })
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'expected either uses or run');
const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const job = z.strictObject({
  'runs-on': z.string(),
  'timeout-minutes': z.int().max(60),
  permissions: permissions.optional(),
  strategy: z
    .strictObject({ 'fail-fast': z.boolean().optional(), matrix: z.record(z.string(), z.array(text)) })
    .optional(),
  container: z.strictObject({ image: z.string(), options: z.string().optional() }).optional(),
  steps: z.array(step).min(1),
});
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.enum(['push', 'pull_request', 'schedule']), z.unknown()).or(z.looseObject({})),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional(),
  jobs: z.record(z.string(), job),
});

const folder = '.github/workflows';
const { scripts, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);

describe.each(workflows)('%s', (_name, source) => {
  const { jobs } = workflow.parse(parse(source));
  const steps = Object.values(jobs).flatMap((one) => one.steps);

  it('names the version of each action that it pins', () => {
    const pinned = [...source.matchAll(/uses: \S+@[\da-f]{40}(.*)/g)];
    expect(pinned).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    for (const [, comment] of pinned) expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
  });

  it('runs scripts of package.json and files that are there', () => {
    const runs = steps.flatMap(({ run = '' }) => run.split('\n'));
    const named = runs.flatMap((run) => /\bnpm (?:run )?(test|(?<=run )\S+)/.exec(run)?.[1] ?? []);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
    for (const run of runs.filter((one) => one.startsWith('.'))) expect(() => readFileSync(run)).not.toThrow();
  });

  it('puts nothing that others write into a shell', () => {
    for (const { run = '' } of steps) expect(run).not.toMatch(/\$\{\{/);
  });

  it('refers to what its matrix has', () => {
    const matrices = Object.values(jobs).flatMap(({ strategy }) => Object.keys(strategy?.matrix ?? {}));
    for (const [, name] of source.matchAll(/matrix\.(\w+)/g)) expect(matrices).toContain(name);
  });
});

it('the tests run on the oldest Node.js that is supported', () => {
  const { jobs } = workflow.parse(parse(readFileSync(join(folder, 'test.yml'), 'utf8')));
  const [oldest] = jobs.versions?.strategy?.matrix.node ?? [];
  expect(engines.node).toBe(`>=${oldest}`);
});

describe('the forms of issues', () => {
  const files = readdirSync('.github/ISSUE_TEMPLATE').filter((name) => name !== 'config.yml');
  const form = z.strictObject({
    name: z.string(),
    description: z.string(),
    body: z.array(
      z.strictObject({
        type: z.enum(['textarea', 'input']),
        id: z.string(),
        attributes: z.strictObject({
          label: z.string(),
          description: z.string().optional(),
          render: z.string().optional(),
        }),
        validations: z.strictObject({ required: z.boolean() }).optional(),
      }),
    ),
  });

  it.each(files)('%s has the fields that GitHub accepts, each with a name of its own', (name) => {
    const { body } = form.parse(parse(readFileSync(join('.github/ISSUE_TEMPLATE', name), 'utf8')));
    expect(new Set(body.map(({ id }) => id)).size).toBe(body.length);
  });
});
