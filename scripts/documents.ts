import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, documentPage, indexPage, pagePath } from './document-page.ts';
import { files } from './served-files.ts';

/** Makes dist/docs, which the exporter serves, of docs/. */
const source = fileURLToPath(new URL('../docs', import.meta.url));
const target = files.docs;

const documents: Document[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }));

rmSync(target, { recursive: true, force: true });
write('index.html', indexPage(documents));
for (const document of documents) write(pagePath(document.path), documentPage(document));
cpSync(source, target, { recursive: true, filter: (path) => !path.endsWith('.md') });

function write(path: string, text: string): void {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  writeFileSync(join(target, path), text);
}
