import { readdir } from 'node:fs/promises';
import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IContainer } from 'kubernetes-models/v1/Container';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/options/config.ts';
import { type KubernetesObject, mergePatch, typeErrors, validate } from './kubernetes.ts';
import { readYaml } from './yaml-file.ts';

interface Kustomization {
  readonly namespace: string;
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
}

const kustomization = await readYaml<Kustomization>('containers/kustomization.yaml');
const objects = await Promise.all(
  kustomization.resources.map((file) => readYaml<KubernetesObject>(`containers/${file}`)),
);
const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
const daemonSet = ofKind('DaemonSet')[0] as IDaemonSet;
const podMonitor = ofKind('PodMonitor')[0] as IPodMonitor;
const withKeepalived = mergePatch(daemonSet, await readYaml('containers/daemonset-keepalived.yaml'));

function containerOf({ spec }: IDaemonSet): IContainer {
  const [container, ...others] = spec?.template.spec?.containers ?? [];
  if (!container || others.length > 0) throw new Error('Expected one container');
  return container;
}

describe('the manifests', () => {
  it.each([...objects, withKeepalived as KubernetesObject])('are valid: $kind', (object) => {
    expect(() => validate(object)).not.toThrow();
  });

  it('have no field that there is not', async () => {
    expect(await typeErrors([...objects, withKeepalived as KubernetesObject])).toEqual([]);
  });

  it('are all that is in the folder, with the patch', async () => {
    const files = (await readdir('containers')).filter((name) => !/^(compose|prometheus|kustomization)/.test(name));
    expect(files.sort()).toEqual([...kustomization.resources, 'daemonset-keepalived.yaml'].sort());
  });

  it('make a namespace where the host network is allowed, and are put there', () => {
    expect(ofKind('Namespace').map(({ metadata }) => metadata)).toEqual([
      { name: kustomization.namespace, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    ]);
  });

  it('have the image of this version', async () => {
    const { version } = await readYaml<{ version: string }>('package.json');
    const { image } = containerOf(daemonSet);
    expect(kustomization.images).toEqual([{ name: image, newTag: version }]);
  });

  it('select the pods that there are', () => {
    const labels = daemonSet.spec?.template.metadata?.labels;
    expect(labels).toMatchObject(daemonSet.spec?.selector.matchLabels ?? { none: '' });
    expect(labels).toMatchObject(podMonitor.spec?.selector.matchLabels ?? { none: '' });
    expect(labels).toHaveProperty([podMonitor.spec?.jobLabel ?? '']);
  });

  it('run as a service account that there is, without its token', () => {
    const { serviceAccountName, automountServiceAccountToken } = daemonSet.spec?.template.spec ?? {};
    expect(ofKind('ServiceAccount')).toEqual([
      expect.objectContaining({
        metadata: expect.objectContaining({ name: serviceAccountName }),
        automountServiceAccountToken: false,
      }),
    ]);
    expect(automountServiceAccountToken).toBe(false);
  });

  it('name the port that the program listens on', () => {
    const { args = [], ports = [] } = containerOf(daemonSet);
    const config = readConfig(args);
    const [port] = ports;
    expect(config).toMatchObject({ listenAddresses: [{ port: port?.containerPort }] });
    expect(port?.hostPort).toBe(port?.containerPort);
    expect(podMonitor.spec?.podMetricsEndpoints).toMatchObject([{ port: port?.name }]);
  });
});

describe('the privilege of the exporter', () => {
  const hardened = {
    runAsUser: 0,
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
  };

  it('is one capability, in the network of the host and in no other of its namespaces', () => {
    const { hostNetwork, hostPID = false, hostIPC = false, volumes = [] } = daemonSet.spec?.template.spec ?? {};
    expect({ hostNetwork, hostPID, hostIPC, volumes }).toEqual({
      hostNetwork: true,
      hostPID: false,
      hostIPC: false,
      volumes: [],
    });
    expect(containerOf(daemonSet).securityContext).toMatchObject({
      ...hardened,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    });
  });

  it('is more where there is keepalived', () => {
    expect(withKeepalived.spec?.template.spec?.hostPID).toBe(true);
    expect(containerOf(withKeepalived).securityContext).toMatchObject({
      ...hardened,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'SYS_PTRACE'] },
      appArmorProfile: { type: 'Unconfined' },
    });
  });
});

describe('typeErrors()', () => {
  it('finds a misspelt field and a wrong type', async () => {
    const change = (pod: object) => mergePatch(daemonSet, { spec: { template: { spec: pod } } }) as KubernetesObject;
    expect(await typeErrors([change({ hostNetwrok: true }), change({ hostPID: 'yes' })])).toEqual([
      expect.stringContaining('"hostNetwrok"'),
      expect.stringContaining("Type 'string' is not assignable to type 'boolean | undefined'"),
    ]);
  });
});

describe('mergePatch()', () => {
  it('merges by name and replaces other lists', () => {
    const base = { a: 1, list: [{ name: 'x', b: 1, c: [1, 2] }, { name: 'y' }] };
    expect(mergePatch(base, { list: [{ name: 'x', c: [3] }, { name: 'z' }], d: 2 })).toEqual({
      a: 1,
      list: [{ name: 'x', b: 1, c: [3] }, { name: 'y' }, { name: 'z' }],
      d: 2,
    });
  });
});
