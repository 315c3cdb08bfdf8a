import { execFileSync } from 'node:child_process';

/** Who maintains a package, and when its sources were last changed. */
export interface PackageIdentity {
  readonly maintainer: string;
  readonly date: Date;
}

/** By SOURCE_DATE_EPOCH, else the last commit; by DEBFULLNAME and DEBEMAIL. */
export function packageIdentity(repository: string, environment: NodeJS.ProcessEnv): PackageIdentity {
  const {
    DEBFULLNAME: name = 'lvs-exporter authors',
    DEBEMAIL: address = 'lvs-exporter@users.noreply.github.com',
    SOURCE_DATE_EPOCH: epoch,
  } = environment;
  const seconds = epoch ?? execFileSync('git', ['-C', repository, 'log', '-1', '--format=%ct'], { encoding: 'utf8' });
  return { maintainer: `${name} <${address}>`, date: new Date(Number(seconds) * 1000) };
}
