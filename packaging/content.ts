import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bashCompletion } from './bash-completion.ts';
import { debianChangelog } from './changelog.ts';
import { fishCompletion } from './fish-completion.ts';
import { manPage } from './man-page.ts';
import { readText, type Tree } from './tree.ts';
import { zshCompletion } from './zsh-completion.ts';

export interface Release {
  readonly repository: string;
  readonly version: string;
  readonly maintainer: string;
  readonly date: Date;
}

const share = '/usr/share/lvs-exporter';
const doc = '/usr/share/doc/lvs-exporter';
/** What the folder of dashboards is in dashboards/provisioning. */
const grafanaFolder = '/var/lib/grafana/dashboards/lvs-exporter';

/** Installs all but the program. */
export function installContent(tree: Tree, release: Release): void {
  installService(tree);
  installRulesAndDashboards(tree, release.repository);
  installDocumentation(tree, release);
}

function installService(tree: Tree): void {
  const own = (name: string) => join(import.meta.dirname, name);
  tree.copy(own('lvs-exporter.wrapper'), '/usr/bin/lvs-exporter');
  tree.copy(own('lvs-exporter.default'), '/etc/default/lvs-exporter');
  tree.copy(own('lvs-exporter.sysusers'), '/usr/lib/sysusers.d/lvs-exporter.conf');
  for (const unit of ['lvs-exporter.service', 'lvs-exporter.socket']) {
    tree.copy(own(unit), `/usr/lib/systemd/system/${unit}`);
  }
  for (const addition of ['keepalived', 'namespaces', 'unprivileged']) {
    tree.copy(own(`${addition}.conf`), `${share}/systemd/${addition}.conf`);
  }
}

function installRulesAndDashboards(tree: Tree, repository: string): void {
  const isPlain = (name: string) => /\.(ya?ml|json)$/.test(name);
  tree.copy(join(repository, 'mixin.libsonnet'), `${share}/mixin.libsonnet`);
  // Not below dashboards/: Grafana would provision each dashboard twice.
  for (const folder of ['alerts', 'dashboards', 'grafana.com']) {
    for (const name of readdirSync(join(repository, folder)).filter(isPlain)) {
      tree.copy(join(repository, folder, name), `${share}/${folder}/${name}`);
    }
  }
  const provisioning = join(repository, 'dashboards', 'provisioning');
  for (const path of readdirSync(provisioning, { recursive: true, encoding: 'utf8' }).filter(isPlain)) {
    const text = readText(provisioning, path).replaceAll(grafanaFolder, `${share}/dashboards`);
    tree.write(`${share}/provisioning/${path}`, text);
  }
}

function installDocumentation(tree: Tree, { repository, version, maintainer, date }: Release): void {
  tree.copy(join(repository, 'docs'), `${share}/docs`);
  tree.link(`${doc}/docs`, '../../lvs-exporter/docs');
  tree.writeCompressed(`${doc}/CHANGELOG.md.gz`, readText(repository, 'CHANGELOG.md'));
  tree.writeCompressed(`${doc}/changelog.gz`, debianChangelog(version, maintainer, date));
  tree.writeCompressed('/usr/share/man/man1/lvs-exporter.1.gz', manPage(version, date.toISOString().slice(0, 10)));
  tree.write('/usr/share/bash-completion/completions/lvs-exporter', bashCompletion());
  tree.write('/usr/share/zsh/vendor-completions/_lvs-exporter', zshCompletion());
  tree.write('/usr/share/fish/vendor_completions.d/lvs-exporter.fish', fishCompletion());
  tree.copy(join(import.meta.dirname, 'lvs-exporter.lintian'), '/usr/share/lintian/overrides/lvs-exporter');
}
