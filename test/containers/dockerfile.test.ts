import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/options/config.ts';
import { isInContext, parseAllowedPaths } from './build-context.ts';
import { pairs, parseDockerfile } from './dockerfile.ts';
import { lintDockerfile } from './lint-dockerfile.ts';

const text = await readFile('Dockerfile', 'utf8');
const stages = parseDockerfile(text);
const final = stages.at(-1)?.instructions ?? [];
const allowed = parseAllowedPaths(await readFile('.dockerignore', 'utf8'));
const manifest = JSON.parse(await readFile('package.json', 'utf8'));

describe('the Dockerfile', () => {
  it('keeps to the rules', () => {
    expect(lintDockerfile(stages, allowed)).toEqual([]);
  });

  it('reports about the image what package.json reports about the program', () => {
    const labels = Object.assign({}, ...final.filter(({ keyword }) => keyword === 'LABEL').map(pairs));
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': manifest.name,
      'org.opencontainers.image.description': manifest.description,
      'org.opencontainers.image.licenses': manifest.license,
    });
  });

  it('builds and runs on the same image, which has a Node.js that package.json allows', () => {
    const images = [...new Set(stages.map(({ image }) => image))];
    expect(images).toEqual([expect.stringMatching(/^node:\d+-/)]);
    const [, least] = /^>=(\d+)/.exec(manifest.engines.node) ?? [];
    expect(Number(/\d+/.exec(images[0] ?? '')?.[0])).toBeGreaterThanOrEqual(Number(least));
  });

  it('names the port that the program listens on', () => {
    const config = readConfig([]);
    if (config.command !== 'serve') throw new Error('Expected to serve without arguments');
    const [address] = config.listenAddresses;
    if (!address || !('port' in address)) throw new Error('Expected an address with a port');
    expect(final.find(({ keyword }) => keyword === 'EXPOSE')?.text).toBe(String(address.port));
    expect(final.find(({ keyword }) => keyword === 'HEALTHCHECK')?.text).toContain(`127.0.0.1:${address.port}/`);
  });

  it('lets into the build what it copies and nothing else', () => {
    const copied = stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword, flags }) => keyword === 'COPY' && flags.from === undefined)
        .flatMap(({ text }) => text.split(/\s+/).slice(0, -1)),
    );
    expect([...new Set(copied)].sort()).toEqual([...allowed].sort());
    expect(['.git', 'node_modules', 'test', 'dist'].filter((path) => isInContext(path, allowed))).toEqual([]);
  });
});

describe('lintDockerfile()', () => {
  const good = ['USER 1000', 'ENTRYPOINT ["a"]', 'HEALTHCHECK CMD ["a"]', 'STOPSIGNAL SIGTERM', 'EXPOSE 1'];
  const lint = (from: string, ...lines: readonly string[]) =>
    lintDockerfile(parseDockerfile([from, ...lines].join('\n')), ['src']);

  it('accepts a plain image', () => {
    expect(lint('FROM a:1 AS b', 'COPY src src', 'FROM a:1', 'COPY --from=b src src', ...good)).toEqual([]);
  });

  it.each([
    ['FROM a', [], 'a is not pinned'],
    ['FROM a:latest', [], 'a:latest is not pinned'],
    ['FROM a:1', ['ADD src src'], 'line 2: ADD'],
    ['FROM a:1', ['COPY lib lib'], 'line 2: .dockerignore leaves out lib'],
    ['FROM a:1', ['COPY --from=c src src'], 'line 2: there is no stage c'],
    ['FROM a:1', ['COPY src src/a b'], 'line 2: several sources and no folder'],
    ['FROM a:1', ['RUN npm install'], 'line 2: npm install instead of npm ci'],
    ['FROM a:1', ['RUN cd /tmp && ls'], 'line 2: cd instead of WORKDIR'],
    ['FROM a:1', ['RUN curl x'], 'line 2: a download or sudo'],
    ['FROM a:1', ['RUN apt-get install -y --no-install-recommends x'], 'line 2: apt lists stay'],
    ['FROM a:1', ['RUN apt-get install x && \\', 'rm -r /var/lib/apt/lists/*'], 'line 2: recommended packages'],
    ['FROM a:1', ['WORKDIR app'], 'line 2: WORKDIR is relative'],
    ['FROM a:1', ['CMD node'], 'line 2: CMD in shell form, which gets no signals'],
    ['FROM a:1', ['EXPOSE 2'], 'EXPOSE is not there once'],
  ])('%s and %j: %s', (from, lines, problem) => {
    expect(lint(from, ...lines, ...good)).toEqual([problem]);
  });

  it.each(['root', '0', '0:0', 'node', '1000:0'])('does not take USER %s', (user) => {
    expect(lint('FROM a:1', ...good, `USER ${user}`)).toEqual([`USER is ${user}`]);
  });
});
