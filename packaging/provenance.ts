import type { Component } from './bill-of-materials.ts';
import { purl } from './bill-of-materials.ts';
import { projectAddress } from './project-address.ts';

export interface ProvenanceOptions {
  readonly version: string;
  /** The commit that was built. */
  readonly commit: string;
  readonly date: Date;
  /** Name and SHA-256 of each file. */
  readonly files: readonly (readonly [name: string, sha256: string])[];
  readonly components: readonly Component[];
}

/** What was built of what: an in-toto statement with the provenance of SLSA 1. */
export function provenance({ version, commit, date, files, components }: ProvenanceOptions) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files.map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${projectAddress}/blob/main/docs/releases.md`,
        externalParameters: { version, sourceDate: date.toISOString() },
        resolvedDependencies: [
          { uri: `git+${projectAddress}`, digest: { gitCommit: commit } },
          ...components.map((component) => ({ uri: purl(component) })),
        ],
      },
      runDetails: { builder: { id: `${projectAddress}/blob/main/packaging/release.ts` } },
    },
  };
}
