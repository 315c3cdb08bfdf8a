import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  type IPodMonitor,
  PodMonitor,
} from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import {
  type IPrometheusRule,
  PrometheusRule,
} from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import {
  type IServiceMonitor,
  ServiceMonitor,
} from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { DaemonSet, type IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { ConfigMap, type IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { type INamespace, Namespace } from 'kubernetes-models/v1/Namespace';
import { type IService, Service } from 'kubernetes-models/v1/Service';
import { type IServiceAccount, ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

const run = promisify(execFile);

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** The kinds that there are here: the published schema, as a validator and as a type. */
const kinds: Readonly<
  Record<string, { validate(object: KubernetesObject): void; readonly type: readonly [module: string, name: string] }>
> = {
  DaemonSet: {
    validate: (object) => new DaemonSet(object as IDaemonSet).validate(),
    type: ['kubernetes-models/apps/v1/DaemonSet', 'IDaemonSet'],
  },
  ConfigMap: {
    validate: (object) => new ConfigMap(object as IConfigMap).validate(),
    type: ['kubernetes-models/v1/ConfigMap', 'IConfigMap'],
  },
  Namespace: {
    validate: (object) => new Namespace(object as INamespace).validate(),
    type: ['kubernetes-models/v1/Namespace', 'INamespace'],
  },
  Service: {
    validate: (object) => new Service(object as IService).validate(),
    type: ['kubernetes-models/v1/Service', 'IService'],
  },
  ServiceAccount: {
    validate: (object) => new ServiceAccount(object as IServiceAccount).validate(),
    type: ['kubernetes-models/v1/ServiceAccount', 'IServiceAccount'],
  },
  PodMonitor: {
    validate: (object) => new PodMonitor(object as IPodMonitor).validate(),
    type: ['@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor', 'IPodMonitor'],
  },
  ServiceMonitor: {
    validate: (object) => new ServiceMonitor(object as IServiceMonitor).validate(),
    type: ['@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor', 'IServiceMonitor'],
  },
  PrometheusRule: {
    validate: (object) => new PrometheusRule(object as IPrometheusRule).validate(),
    type: ['@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule', 'IPrometheusRule'],
  },
};

/** Throws for a value of a wrong type and for a field that is missing. Fields that there are not pass. */
export function validate(object: KubernetesObject): void {
  const kind = kinds[object.kind];
  if (!kind) throw new Error(`Expected one of ${Object.keys(kinds).join(', ')}, got ${object.kind}`);
  kind.validate(object);
}

/** What the TypeScript compiler has against an object: it finds misspelt fields, which the validators let pass. */
export async function typeErrors(objects: readonly KubernetesObject[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-manifests-'));
  try {
    const file = join(folder, 'manifests.ts');
    await writeFile(file, objects.map(toTypeScript).join('\n'));
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'preserve',
      '--pretty',
      'false',
    ];
    const { stdout } = await run('node_modules/.bin/tsc', [...options, file]).catch((failed) => failed);
    return [...String(stdout).matchAll(/error TS\d+: (.*)/g)].map(([, message = '']) => message);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function toTypeScript(object: KubernetesObject, index: number): string {
  const [module, name] = kinds[object.kind]?.type ?? ['', ''];
  const path = resolve('node_modules', module);
  const type = `type Kind${index} = import(${JSON.stringify(path)}).${name};`;
  return `${type}\nexport const object${index}: Kind${index} = ${JSON.stringify(object)};`;
}

/** A strategic merge patch: lists of what has a name are merged by it, other lists and values are replaced. */
export function mergePatch<T>(base: T, patch: unknown): T {
  if (Array.isArray(base) && Array.isArray(patch) && patch.every(isNamed)) {
    const patched = base.map((one) =>
      patch.reduce((now, its) => (its.name === one.name ? mergePatch(now, its) : now), one),
    );
    const added = patch.filter(({ name }) => !base.some((one) => one.name === name));
    return [...patched, ...added] as T;
  }
  if (!isObject(base) || !isObject(patch)) return patch as T;
  const merged = Object.entries(patch).map(([key, value]) => [key, key in base ? mergePatch(base[key], value) : value]);
  return { ...base, ...Object.fromEntries(merged) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is { name: string } {
  return isObject(value) && 'name' in value;
}
