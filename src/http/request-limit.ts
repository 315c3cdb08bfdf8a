import type { IncomingMessage, ServerResponse } from 'node:http';

/** Passes a request on. */
type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** As that of node_exporter. */
export const defaultMaxRequests = 40;

/** Pages and files that are sent at one time: some browsers, each with a handful of requests. */
export const maxPageRequests = 100;

/** Requests of one connection that may be under way: a scraper sends one at a time, and so does a browser. */
const maxPipelined = 4;

/**
 * Closes a connection that sends many requests without waiting for answers: each of them would hold a file, a text or a
 * place in a queue.
 */
export function limitPipelining(): Middleware {
  const underWay = new WeakMap<object, number>();
  return (request, response, next) => {
    const { socket } = request;
    const pipelined = (underWay.get(socket) ?? 0) + 1;
    if (pipelined > maxPipelined) {
      socket.destroy();
      return;
    }
    underWay.set(socket, pipelined);
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    next();
  };
}

/** Limits the requests that are under way: 503 beyond `maxRequests`, 0 for no limit. */
export function limitRequests(maxRequests: number): Middleware {
  let total = 0;
  return (_request, response, next) => {
    if (maxRequests > 0 && total >= maxRequests) {
      response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '1' });
      response.end(`limit of concurrent requests reached (${maxRequests}), try again later\n`);
      return;
    }
    total++;
    response.once('close', () => total--);
    next();
  };
}

/** Milliseconds. A client that does not take its answer for so long gets no more of it. */
const sendTimeoutMs = 10_000;

/** Gives up a client that does not take its answer. */
export function limitSending(response: ServerResponse): void {
  response.setTimeout(sendTimeoutMs, () => response.destroy());
}
