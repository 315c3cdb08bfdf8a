import { projectAddress } from './project-address.ts';

export interface SpecOptions {
  readonly version: string;
  /** The tree to be installed. */
  readonly root: string;
  /** Absolute paths of what it has, but for folders. */
  readonly files: readonly string[];
}

const units = 'lvs-exporter.service lvs-exporter.socket';

/** What rpm runs, by section. `$1` is the number of versions that are installed afterwards. */
export const scriptlets = {
  pre: `getent group lvs-exporter >/dev/null || groupadd -r lvs-exporter
getent passwd lvs-exporter >/dev/null ||
  useradd -r -g lvs-exporter -d / -s /sbin/nologin -c "Prometheus exporter of LVS" lvs-exporter
exit 0`,
  post: `if [ -d /run/systemd/system ]; then systemctl daemon-reload >/dev/null 2>&1 || :; fi
if [ "$1" -eq 1 ] && command -v systemctl >/dev/null; then
  systemctl --no-reload preset ${units} >/dev/null 2>&1 || :
fi`,
  preun: `if [ "$1" -eq 0 ] && command -v systemctl >/dev/null; then
  systemctl --no-reload disable --now ${units} >/dev/null 2>&1 || :
fi`,
  postun: `if [ -d /run/systemd/system ]; then
  systemctl daemon-reload >/dev/null 2>&1 || :
  if [ "$1" -ge 1 ]; then systemctl try-restart lvs-exporter.service >/dev/null 2>&1 || :; fi
fi`,
} as const;

/**
 * The specification of the RPM package. gzip and SHA-256, because rpm of Enterprise Linux 8 reads them; no dependencies
 * but those that are named, and nothing stripped, because Node.js is as its project publishes it.
 */
export function rpmSpec({ version, root, files }: SpecOptions): string {
  return `%define _binary_payload w6.gzdio
%define _binary_filedigest_algorithm 8
%define _build_id_links none
%define __os_install_post %{nil}
%define debug_package %{nil}
%define _buildhost lvs-exporter
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
Name: lvs-exporter
Version: ${version.replaceAll('-', '~')}
Release: 1
Summary: Prometheus exporter for IPVS, connection tracking and keepalived
License: Apache-2.0
URL: ${projectAddress}
Group: System Environment/Daemons
AutoReqProv: no
Requires: glibc >= 2.28
Requires: libgcc
Requires: libstdc++
Requires(pre): shadow-utils

%description
Serves the state of a Linux virtual server as metrics: services and real
servers, VRRP, and above all what fills the connection tracking table (direct
server return, DSR, or a flood), how fast, and when it will be full. It
brings its own Node.js.

%install
cp -a ${root}/. %{buildroot}/

${Object.entries(scriptlets)
  .map(([section, script]) => `%${section}\n${script}\n`)
  .join('\n')}
%files
%defattr(-,root,root,-)
${files.map(fileLine).join('\n')}
`;
}

function fileLine(path: string): string {
  return path.startsWith('/etc/') ? `%config(noreplace) "${path}"` : `"${path}"`;
}
