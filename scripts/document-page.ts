import { posix } from 'node:path';
import { parse, Renderer, type Tokens } from 'marked';
import { headMarkup } from '../src/page/markup/head.ts';
import { type Html, html } from '../src/page/markup/html.ts';

/** A document in Markdown. */
export interface Document {
  /** From the folder of the documents: `runbooks/ConntrackTableFull.md`. */
  readonly path: string;
  readonly text: string;
}

/** What becomes of `runbooks/ConntrackTableFull.md`: `runbooks/ConntrackTableFull.html`. */
export function pagePath(path: string): string {
  return path.replace(/\.md$/, '.html');
}

/** The first heading. */
export function titleOf({ path, text }: Document): string {
  const [, title] = /^# (.+)$/m.exec(text) ?? [];
  if (title === undefined) throw new Error(`Expected ${path} to begin with a heading`);
  return title;
}

/** The page of a document, for a browser that may load nothing but style sheets and pictures of the exporter. */
export function documentPage(document: Document): string {
  const markup = parse(document.text, { renderer: new DocumentRenderer(document), async: false });
  return frame(document.path, titleOf(document), { markup });
}

/** By task. Runbooks come last. */
const groups = [
  {
    title: 'Run',
    names:
      'install compatibility releases containers permissions security scraping web-configuration scale migration'.split(
        ' ',
      ),
  },
  { title: 'Respond', names: 'diagnose top incidents findings remedies alerts troubleshooting'.split(' ') },
  {
    title: 'Look up',
    names: 'metrics keepalived openstack clouds names dashboards status-page performance glossary'.split(' '),
  },
  { title: 'Understand', names: 'story architecture forecast alerts-race'.split(' ') },
];

/** The page with links to all documents. */
export function indexPage(documents: readonly Document[]): string {
  const isRunbook = ({ path }: Document) => path.startsWith('runbooks/');
  const pathsOf = (names: readonly string[]) => names.map((name) => `${name}.md`);
  const grouped = groups.flatMap(({ names }) => pathsOf(names));
  const other = documents.find((one) => !isRunbook(one) && !grouped.includes(one.path));
  if (other) throw new Error(`Expected ${other.path} to be in a group of the index`);
  const sections = [
    ...groups.map(({ title, names }) => ({
      title,
      list: pathsOf(names).flatMap((path) => documents.filter((one) => one.path === path)),
    })),
    { title: 'Runbooks', list: documents.filter(isRunbook) },
  ];
  return frame('index.md', 'Documents', html`<h1>Documents</h1>\n${sections.map(indexSection)}`);
}

function indexSection({ title, list }: { title: string; list: readonly Document[] }): Html {
  const links = list.map((one) => html`<li><a href="${pagePath(one.path)}">${titleOf(one)}</a></li>\n`);
  return html`<h2>${title}</h2>\n<ul>${links}</ul>\n`;
}

function frame(path: string, title: string, main: Html): string {
  const up = '../'.repeat(path.split('/').length);
  return html`${headMarkup(title, `${up}assets`, 'document')}
</head>
<body>
<header>
<p class="brand">lvs-exporter</p>
<nav aria-label="Exporter"><a href="${up}">Status</a> <a href="${up}docs/index.html">Documents</a></nav>
</header>
<main>
${main}
</main>
</body>
</html>
`.markup;
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

class DocumentRenderer extends Renderer {
  readonly #folder: string;
  readonly #anchors = new Map<string, number>();

  constructor({ path }: Document) {
    super();
    this.#folder = posix.dirname(path);
  }

  override heading({ depth, text, tokens }: Tokens.Heading): string {
    return `<h${depth} id="${this.#uniqueAnchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  }

  /** GitHub numbers those that come again. */
  #uniqueAnchor(text: string): string {
    const anchor = anchorOf(text);
    const before = this.#anchors.get(anchor) ?? 0;
    this.#anchors.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  }

  override link({ href, tokens }: Tokens.Link): string {
    const markup = this.parser.parseInline(tokens);
    const target = this.#target(href);
    return target === undefined ? markup : html`<a href="${target}">${{ markup }}</a>`.markup;
  }

  /** Undefined for a file of the project that is not served. */
  #target(href: string): string | undefined {
    if (/^(https?:|#)/.test(href)) return href;
    const [path = '', ...anchor] = href.split('#');
    if (posix.join(this.#folder, path).startsWith('..')) return undefined;
    return [pagePath(path), ...anchor].join('#');
  }

  /** With a tab stop, for who scrolls by keyboard. */
  override code({ text }: Tokens.Code): string {
    return html`<pre class="wide" tabindex="0"><code>${text}</code></pre>\n`.markup;
  }

  override table(token: Tokens.Table): string {
    const withoutHead = token.header.every(({ text }) => text === '');
    const table = withoutHead ? super.table(token).replace(/<thead>.*<\/thead>/s, '') : super.table(token);
    return `<div class="wide" tabindex="0">${table}</div>\n`;
  }

  /** A screen reader takes an empty cell for no heading. */
  override tablecell(token: Tokens.TableCell): string {
    return token.header && token.text === '' ? '<td></td>\n' : super.tablecell(token);
  }

  /** Of HTML the documents have comments alone. */
  override html({ text }: Tokens.HTML | Tokens.Tag): string {
    return text.startsWith('<!--') ? '' : html`${text}`.markup;
  }
}
