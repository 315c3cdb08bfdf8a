import { readFileSync } from 'node:fs';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure, type RequestOptions } from 'node:https';
import { parseExposition } from '../../parsers/exposition.ts';
import type { Sample } from '../../scrape/metric.ts';

/** An exporter elsewhere, and how to get in. */
export interface RemoteExporter {
  readonly url: URL;
  readonly username: string | undefined;
  readonly passwordFile: string | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

const timeoutMs = 10_000;
/** Far more than the largest director has. */
const maxBytes = 2 ** 28;

/** `director1:10044`, `https://director1:10044/lvs/metrics`; undefined for what is no address. */
export function parseExporterUrl(text: string): URL | undefined {
  const address = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/metrics';
  return url;
}

/** Scrapes an exporter. The samples have the names and labels of its metrics, and no more about them. */
export async function scrapeExporter(exporter: RemoteExporter): Promise<Sample[]> {
  const text = await download(exporter.url, requestOptions(exporter));
  return parseExposition(text).map(({ name, labels, value }) => ({
    metric: { name, help: '', type: 'gauge', labels: Object.keys(labels) },
    labels,
    value,
  }));
}

function requestOptions({ url, username, passwordFile, caFile, certFile, keyFile }: RemoteExporter): RequestOptions {
  const user = username ?? decodeURIComponent(url.username);
  const password = passwordFile === undefined ? decodeURIComponent(url.password) : readPassword(passwordFile);
  return {
    timeout: timeoutMs,
    headers: { Accept: 'text/plain', 'User-Agent': 'lvs-exporter' },
    ...(user !== '' && { auth: `${user}:${password}` }),
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    ...(certFile !== undefined && { cert: readFileSync(certFile) }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
  };
}

/** A file that an editor wrote ends with a line end. */
function readPassword(file: string): string {
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
}

async function download(url: URL, options: RequestOptions): Promise<string> {
  const address = new URL(url);
  address.username = '';
  address.password = '';
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const get = url.protocol === 'https:' ? getSecure : getPlain;
    const request = get(address, { ...options, signal: AbortSignal.timeout(timeoutMs) }, resolve);
    request.on('error', reject);
  });
  if (response.statusCode !== 200) {
    response.resume();
    throw new Error(`Expected metrics from ${url.host}, got status ${response.statusCode} ${response.statusMessage}`);
  }
  return await readBody(response);
}

async function readBody(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    if (bytes > maxBytes) throw new Error('Expected the metrics of an exporter, got more than 256 MiB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
