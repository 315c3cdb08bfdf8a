import { type ServerResponse, STATUS_CODES } from 'node:http';
import compression from 'compression';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import Negotiator from 'negotiator';
import { createBody, sendBody } from './http/body.ts';
import { readCollectorFilter } from './http/collector-filter.ts';
import { type Format, formats } from './http/exposition.ts';
import { isFromThisMachine } from './http/local-reader.ts';
import {
  defaultMaxRequests,
  limitPipelining,
  limitRequests,
  limitSending,
  maxPageRequests,
} from './http/request-limit.ts';
import { type Collect, createScrapes } from './http/scrapes.ts';
import { defaultTelemetryPath } from './http/telemetry-path.ts';
import type { Log } from './log/log.ts';
import { logMessages } from './log/messages.ts';
import type { Watch } from './page/watch.ts';

export interface AppOptions {
  readonly collect: Collect;
  /** The names of the collectors that a scrape may ask for. */
  readonly collectors: readonly string[];
  /** Where metrics are served; `/metrics` by default. */
  readonly telemetryPath?: string;
  readonly isReady: () => boolean;
  readonly watch: Pick<Watch, 'page' | 'history'>;
  readonly files: StaticFiles;
  /** Scrapes that may be under way at one time; 0 for no limit. */
  readonly maxRequests?: number;
  readonly log: Log;
}

/** Folders whose files are served as they are. What is not there is answered with 404. */
export interface StaticFiles {
  /** The page's style, script and icon, made by `npm run build`. */
  readonly assets: string;
  /** The documents as pages, made by it as well. */
  readonly docs: string;
}

/** Builds the web application. It does not listen. */
export function createApp({
  collect,
  collectors,
  telemetryPath = defaultTelemetryPath,
  isReady,
  watch,
  files,
  maxRequests = defaultMaxRequests,
  log,
}: AppOptions): Express {
  const app = express();
  const scrape = createScrapes(collect);
  const limitPages = limitRequests(maxPageRequests);
  app.disable('x-powered-by').disable('etag');
  app.use(limitPipelining());
  app.use((_request, response, next) => {
    response.set('X-Content-Type-Options', 'nosniff');
    next();
  });

  app.get(telemetryPath, limitRequests(maxRequests), async (request, response) => {
    const filter = readCollectorFilter(request.url.split('?')[1] ?? '', collectors);
    if ('refusal' in filter) return sendText(response, 400, filter.refusal);
    const format = chooseFormat(request);
    const collected = await scrape(scrapeTimeoutMs(request), filter.names);
    // Rendering is what costs: a client that has gone causes none.
    if (response.destroyed) return;
    await sendBody(request, response.type(formats[format]), collected.body(format));
  });
  app.get('/', limitPages, async (request, response) => {
    const { markup, tag } = watch.page(isFromThisMachine(request));
    response.set({ ...pageHeaders, ETag: tag }).type('html');
    if (request.fresh) response.status(304).end();
    else await sendBody(request, response, createBody(markup));
  });
  app.get('/history.json', limitPages, async (request, response) => {
    response.set('Cache-Control', 'no-cache').type('json');
    await sendBody(request, response, createBody(JSON.stringify(watch.history())));
  });
  app.use(['/assets', '/docs'], limitPages, sendInTime, compression());
  app.use('/assets', express.static(files.assets, staticOptions));
  app.use('/docs', express.static(files.docs, { ...staticOptions, setHeaders: protectDocument }));
  app.get('/-/healthy', (_request, response) => sendText(response, 200, 'healthy'));
  app.get('/-/ready', (_request, response) =>
    isReady()
      ? sendText(response, 200, 'ready')
      : sendText(response, 503, 'not ready: the first collection is under way'),
  );

  app.all([telemetryPath, '/', '/history.json', '/-/healthy', '/-/ready'], (_request, response) => {
    sendText(response.set('Allow', 'GET, HEAD'), 405, 'method not allowed');
  });
  app.use((_request, response) => sendText(response, 404, 'not found'));
  const answerFailure: ErrorRequestHandler = (error, { path }, response, next) => {
    const status = clientError(error);
    log[status === undefined ? 'error' : 'debug']({ path, error: String(error) }, logMessages.requestFailed);
    if (response.headersSent) next(error);
    else
      sendText(
        response,
        status ?? 500,
        status === undefined ? 'internal error' : String(STATUS_CODES[status]).toLowerCase(),
      );
  };
  app.use(answerFailure);
  return app;
}

/** Each of them holds a file that is open, and room to compress it. */
const sendInTime: RequestHandler = (_request, response, next) => {
  limitSending(response);
  next();
};

/** The page takes nothing from elsewhere, runs nothing that is in it, and is in no other page's frame. */
const pageHeaders = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

const staticOptions = { index: false, redirect: false } as const;

function protectDocument(response: ServerResponse, path: string): void {
  if (path.endsWith('.html')) response.setHeaders(new Map(Object.entries(pageHeaders)));
}

/** The status of an error that the client made, such as a range beyond the end of a file. */
function clientError(error: unknown): number | undefined {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : undefined;
}

/** Not by send(), which answers 304 without a text where the client reports `If-None-Match: *`. */
function sendText(response: Response, status: number, text: string): void {
  const line = `${text}\n`;
  response
    .status(status)
    .type('text/plain')
    .set('Content-Length', String(Buffer.byteLength(line)))
    .end(line);
}

/** Prometheus adds parameters (`version`, `escaping`) that would have to match; only the weights count here. */
function chooseFormat(request: Request): Format {
  const accept = request.headers.accept?.replaceAll(/;(?!\s*q\s*=)[^;,]*/gi, '');
  const weighed = new Negotiator({ headers: { accept } });
  return weighed.mediaType(['text/plain', 'application/openmetrics-text']) === 'application/openmetrics-text'
    ? 'openmetrics'
    : 'text';
}

/** Prometheus' own default scrape timeout, for clients that do not show theirs. */
const defaultTimeoutMs = 10_000;
const maxTimeoutMs = 120_000;
/** A shorter one is no scrape's: with it, every collector would count as failed. */
const minTimeoutMs = 100;
/** What is left of the scrape timeout for rendering and the way back. */
const timeoutReserveMs = 500;

/** Prometheus sends its timeout as `X-Prometheus-Scrape-Timeout-Seconds: 10`. */
function scrapeTimeoutMs(request: Request): number {
  const announced = Number(request.get('X-Prometheus-Scrape-Timeout-Seconds')) * 1000;
  const timeoutMs = announced > 0 ? Math.min(Math.max(announced, minTimeoutMs), maxTimeoutMs) : defaultTimeoutMs;
  return Math.max(timeoutMs - timeoutReserveMs, timeoutMs / 2);
}
