import type { IncomingMessage, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';
import { gzip } from './gzip.ts';

/** Text to be answered with, compressed once however many ask for it. */
export interface Body {
  readonly plain: Buffer;
  compressed(): Promise<Buffer>;
}

export function createBody(text: string): Body {
  const plain = Buffer.from(text);
  let compressed: Promise<Buffer> | undefined;
  return {
    plain,
    compressed() {
      compressed ??= gzip(plain);
      return compressed;
    },
  };
}

/** Milliseconds. A client that does not take its answer for so long gets no more of it. */
const sendTimeoutMs = 10_000;

/** Answers with a body, in the encoding that the client prefers. Sends nothing to a client that has gone. */
export async function sendBody(request: IncomingMessage, response: ServerResponse, body: Body): Promise<void> {
  const isCompressed = new Negotiator(request).encoding(['gzip', 'identity']) === 'gzip';
  const bytes = isCompressed ? await body.compressed() : body.plain;
  if (response.destroyed) return;
  response.setTimeout(sendTimeoutMs, () => response.destroy());
  response.setHeader('Vary', 'Accept, Accept-Encoding').setHeader('Content-Length', bytes.length);
  if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
  response.end(bytes);
}
