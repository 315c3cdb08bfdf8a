import { execFileSync } from 'node:child_process';

/** Makes a Debian with nothing but its smallest set of packages and those that are named, from this machine's mirror. */
export function makeCleanRoot(directory: string, packages: readonly string[]): void {
  const { codename, mirror } = findMirror();
  const include = packages.length === 0 ? [] : [`--include=${packages.join(',')}`];
  execFileSync('debootstrap', ['--variant=minbase', ...include, codename, directory, mirror], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Where apt has Debian itself from: the first source, after which come those of updates. */
export function findMirror(): { readonly codename: string; readonly mirror: string } {
  const words = ['indextargets', '--format', '$(CODENAME) $(REPO_URI) $(ORIGIN)', 'Created-By: Packages'];
  const sources = execFileSync('apt-get', words, { encoding: 'utf8' }).split('\n');
  const [codename, mirror] = sources.find((line) => /^[a-z]+ \S+ Debian$/.test(line))?.split(' ') ?? [];
  if (codename === undefined || mirror === undefined) throw new Error('Expected apt to have a mirror of Debian');
  return { codename, mirror };
}
