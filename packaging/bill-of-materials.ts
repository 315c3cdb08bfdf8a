/** A work that is in what is released. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** By its SPDX identifier. */
  readonly license: string;
  /** For a package of Debian, which otherwise is one of the npm registry. */
  readonly debianArchitecture?: string;
}

export interface BillOptions {
  readonly version: string;
  readonly date: Date;
  readonly components: readonly Component[];
}

/** The bill of materials, in CycloneDX 1.6. All are packages of the npm registry, but the image's shared libraries. */
export function billOfMaterials({ version, date, components }: BillOptions) {
  const own = { type: 'application', 'bom-ref': 'lvs-exporter', name: 'lvs-exporter', version };
  const license = [{ license: { id: 'Apache-2.0' } }];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: date.toISOString(),
      component: { ...own, licenses: license, purl: `pkg:npm/lvs-exporter@${version}` },
    },
    components: components.map(describeComponent),
    dependencies: [{ ref: own['bom-ref'], dependsOn: components.map(purl) }],
  };
}

function describeComponent(component: Component) {
  const { name, version, license } = component;
  const isExpression = / (AND|OR|WITH) /.test(license);
  return {
    type: name.startsWith('node-linux-') ? 'platform' : 'library',
    'bom-ref': purl(component),
    name,
    version,
    licenses: [isExpression ? { expression: license.replace(/^\((.*)\)$/, '$1') } : { license: { id: license } }],
    purl: purl(component),
  };
}

export function purl({ name, version, debianArchitecture }: Component): string {
  if (debianArchitecture !== undefined) {
    return `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${debianArchitecture}`;
  }
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
