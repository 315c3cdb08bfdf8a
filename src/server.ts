import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import Negotiator from 'negotiator';
import { type Format, formats, render } from './exposition.ts';
import type { Log } from './log.ts';
import type { Sample } from './metric.ts';
import { landingPage } from './page/landing.ts';

export interface AppOptions {
  /** All samples, collected within a time. */
  readonly collect: (timeoutMs: number) => Promise<readonly Sample[]>;
  readonly isReady: () => boolean;
  readonly version: string;
  readonly log: Log;
}

/** Builds the web application. It does not listen. */
export function createApp({ collect, isReady, version, log }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  // Scrapes are frequent and stay in the data centre: the level that costs least time.
  app.use(compression({ level: 1 }));
  app.use((_request, response, next) => {
    response.set('X-Content-Type-Options', 'nosniff');
    next();
  });

  app.get('/', (_request, response) => {
    response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    response.type('html').send(landingPage(version));
  });
  app.get('/metrics', async (request, response) => {
    const format = chooseFormat(request);
    const samples = await collect(scrapeTimeoutMs(request));
    response.type(formats[format]).send(await render(samples, format));
  });
  app.get('/-/healthy', (_request, response) => sendText(response, 200, 'healthy'));
  app.get('/-/ready', (_request, response) =>
    isReady()
      ? sendText(response, 200, 'ready')
      : sendText(response, 503, 'not ready: the first collection is under way'),
  );

  app.all(['/', '/metrics', '/-/healthy', '/-/ready'], (_request, response) => {
    sendText(response.set('Allow', 'GET, HEAD'), 405, 'method not allowed');
  });
  app.use((_request, response) => sendText(response, 404, 'not found'));
  const answerFailure: ErrorRequestHandler = (error, { path }, response, next) => {
    log.error({ path, error: String(error) }, 'Cannot answer a request');
    if (response.headersSent) next(error);
    else sendText(response, 500, 'internal error');
  };
  app.use(answerFailure);
  return app;
}

function sendText(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(`${text}\n`);
}

/** Prometheus adds parameters (`version`, `escaping`) that would have to match; only the weights count here. */
function chooseFormat(request: Request): Format {
  const accept = request.headers.accept?.replaceAll(/;\s*(?!q=)[^;,]*/g, '');
  const weighed = new Negotiator({ headers: { accept } });
  return weighed.mediaType(['text/plain', 'application/openmetrics-text']) === 'application/openmetrics-text'
    ? 'openmetrics'
    : 'text';
}

/** Prometheus' own default scrape timeout, for clients that do not tell theirs. */
const defaultTimeoutMs = 10_000;
const longestTimeoutMs = 120_000;
/** What is left of the scrape timeout for rendering and the way back. */
const timeoutReserveMs = 500;

/** Prometheus sends its timeout as `X-Prometheus-Scrape-Timeout-Seconds: 10`. */
function scrapeTimeoutMs(request: Request): number {
  const told = Number(request.get('X-Prometheus-Scrape-Timeout-Seconds')) * 1000;
  const timeoutMs = told > 0 ? Math.min(told, longestTimeoutMs) : defaultTimeoutMs;
  return Math.max(timeoutMs - timeoutReserveMs, timeoutMs / 2);
}
