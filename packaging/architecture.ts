/** What differs from one Debian architecture to another. */
export interface Architecture {
  /** Its name in the npm registry and in Node.js. */
  readonly cpu: string;
  /** Its name in rpm. */
  readonly rpm: string;
  /** Subresource integrity of the package of the npm registry that has `nodeVersion` for it. */
  readonly nodeIntegrity: string;
}

/** Node.js 24 has long-term support until April 2028. A new version takes two new hashes: `npm view NAME dist.integrity`. */
export const nodeVersion = '24.21.0';

export const architectures = {
  amd64: {
    cpu: 'x64',
    rpm: 'x86_64',
    nodeIntegrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  arm64: {
    cpu: 'arm64',
    rpm: 'aarch64',
    nodeIntegrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
} as const satisfies Readonly<Record<string, Architecture>>;

export type DebianArchitecture = keyof typeof architectures;
