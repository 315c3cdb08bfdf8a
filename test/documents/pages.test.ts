import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentPage, indexPage, titleOf } from '../../scripts/document-page.ts';
import { files } from '../../scripts/served-files.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const namesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));

const pages = namesIn(files.docs, '.html');

function attributes(markup: string, name: string): string[] {
  return [...markup.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value);
}

describe('the documents as npm run build leaves them', () => {
  it('are all there, and one that leads to them', () => {
    const expected = [...namesIn('docs', '.md').map((name) => name.replace(/md$/, 'html')), 'index.html'];
    expect(pages.toSorted()).toEqual(expected.toSorted());
    expect(attributes(read(join(files.docs, 'index.html')), 'href')).toEqual(
      expect.arrayContaining(expected.filter((name) => name !== 'index.html')),
    );
  });

  it.each(pages)('%s leads to what is served', (name) => {
    const path = join(files.docs, name);
    const markup = read(path);
    const links = [...attributes(markup, 'href'), ...attributes(markup, 'src')].filter(
      (link) => !/^https?:/.test(link),
    );
    for (const link of links) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      // The status page is above both folders.
      if (relative(dirname(files.docs), target) === '') continue;
      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect(attributes(read(target), 'id'), link).toContain(anchor);
    }
  });

  it.each(pages)('%s has each anchor once', (name) => {
    const anchors = attributes(read(join(files.docs, name)), 'id');
    expect(anchors).toEqual([...new Set(anchors)]);
  });
});

describe('documentPage()', () => {
  const page = (text: string, path = 'some.md') => documentPage({ path, text: `# A & B\n\n${text}` });

  it('takes the first heading as title', () => {
    expect(page('')).toContain('<title>A &amp; B · lvs-exporter</title>');
    expect(() => titleOf({ path: 'some.md', text: 'text' })).toThrow('Expected some.md to begin with a heading');
  });

  it('leads to pages in place of documents, and to nothing that is not served', () => {
    const text = '[a](b.md#c) [d](../e.md) [f](../../g.yml) [h](https://i/j.md)';
    expect(page(text, 'runbooks/some.md')).toContain(
      '<p><a href="b.html#c">a</a> <a href="../e.html">d</a> f <a href="https://i/j.md">h</a></p>',
    );
  });

  it('numbers headings that come again, as GitHub does', () => {
    expect(attributes(page('## `--c.d` on\n\n## Cd\n\n## Cd'), 'id')).toEqual(['a--b', '--cd-on', 'cd', 'cd-1']);
  });

  it('lets no markup through, and shows no comment', () => {
    const markup = page('<!-- c -->\n\na <b onclick="d()">e</b>\n\n<script>f()</script>\n\n`<g>`\n\n```sh\n<h>\n```');
    expect(markup).not.toMatch(/<b |<script>|<g|<h>|-- c/);
    expect(markup).toContain('<pre class="wide" tabindex="0"><code>&lt;h&gt;</code></pre>');
  });

  it('has no head of a table that is empty', () => {
    expect(page('| | |\n|---|---|\n| a | b |')).not.toContain('<thead>');
    expect(page('| | c |\n|---|---|\n| a | b |')).toMatch(/<thead>\s*<tr>\s*<td><\/td>\s*<th>c<\/th>/);
  });
});

it('indexPage() groups documents by task, runbooks last', () => {
  const markup = indexPage([
    { path: 'story.md', text: '# A' },
    { path: 'install.md', text: '# I' },
    { path: 'runbooks/b.md', text: '# B' },
  ]);
  expect([...markup.matchAll(/<h2>(.*?)<|href="([^"]*)">[AIB]</g)].map(([, group, link]) => group ?? link)).toEqual([
    'Run',
    'install.html',
    'Respond',
    'Look up',
    'Understand',
    'story.html',
    'Runbooks',
    'runbooks/b.html',
  ]);
});

it('indexPage() refuses a document without a group', () => {
  expect(() => indexPage([{ path: 'a.md', text: '# A' }])).toThrow('Expected a.md to be in a group of the index');
});
