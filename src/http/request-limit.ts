import type { IncomingMessage, ServerResponse } from 'node:http';

/** Passes a request on. */
type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** As that of node_exporter. */
export const defaultMaxRequests = 40;

/** Requests of one connection that may be under way: a scraper sends one at a time. */
const maxPipelined = 4;

/**
 * Limits the requests that are under way: 503 beyond `maxRequests`, 0 for no limit. A connection that sends many without
 * waiting for answers is closed.
 */
export function limitRequests(maxRequests: number): Middleware {
  const underWay = new WeakMap<object, number>();
  let total = 0;
  return (request, response, next) => {
    const { socket } = request;
    const pipelined = (underWay.get(socket) ?? 0) + 1;
    if (pipelined > maxPipelined) {
      socket.destroy();
      return;
    }
    if (maxRequests > 0 && total >= maxRequests) {
      response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '1' });
      response.end(`limit of concurrent requests reached (${maxRequests}), try again later\n`);
      return;
    }
    underWay.set(socket, pipelined);
    total++;
    response.once('close', () => {
      total--;
      underWay.set(socket, (underWay.get(socket) ?? 1) - 1);
    });
    next();
  };
}
