import type { DebianArchitecture } from './architecture.ts';
import { projectAddress } from './project-address.ts';

export interface ControlFields {
  readonly version: string;
  readonly architecture: DebianArchitecture;
  readonly maintainer: string;
  /** KiB. */
  readonly installedSize: number;
}

/**
 * What node's program and koffi's need: `objdump -p` and the highest symbol versions of `objdump -T`, as the packages of
 * Debian have them. apt itself needs these three, so every Debian and Ubuntu has them.
 */
const dependencies = ['libc6 (>= 2.28)', 'libgcc-s1 (>= 3.4)', 'libstdc++6 (>= 7)'];

/** The file `control` of the package. */
export function controlFile({ version, architecture, maintainer, installedSize }: ControlFields): string {
  return `Package: lvs-exporter
Version: ${version}
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${installedSize}
Depends: ${dependencies.join(', ')}
Suggests: conntrack, ipvsadm, keepalived
Section: net
Priority: optional
Homepage: ${projectAddress}
Description: Prometheus exporter for IPVS, connection tracking and keepalived
 Serves the state of a Linux virtual server as metrics: services and real
 servers, VRRP, and above all what fills the connection tracking table (direct
 server return, DSR, or a flood), how fast, and when it will be full. Has a
 status page, and commands that show what is wrong and what to do about it.
 .
 Alert rules for Prometheus and dashboards for Grafana are in
 /usr/share/lvs-exporter. It brings its own Node.js.
`;
}
