import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Negotiator from 'negotiator';
import { gzip } from './gzip.ts';

/** What is answered with, in both encodings. Each is made once, however many ask for it. */
export interface Body {
  plain(): Promise<readonly Buffer[]>;
  compressed(): Promise<readonly Buffer[]>;
}

type Part = string | Buffer;
type Parts = Iterable<Part> | AsyncIterable<Part>;

/** A body of a text that is there. */
export function createBody(text: string): Body {
  return createPartsBody(() => [text]);
}

/** A body of a text that is made part by part, for each of the encodings that are asked for. */
export function createPartsBody(makeParts: () => Parts): Body {
  let [plain, compressed]: Promise<Buffer[]>[] = [];
  return {
    plain() {
      plain ??= collectChunks(toChunks(makeParts()));
      return plain;
    },
    compressed() {
      compressed ??= collectChunks(gzip(toChunks(makeParts())));
      return compressed;
    },
  };
}

/** Characters that are encoded at a time: some 2 ms of a processor to make and compress, after which others have their turn. */
const chunkLength = 2 ** 18;

/** Joins short texts. What is bytes already is long. */
async function* toChunks(parts: Parts): AsyncGenerator<Buffer> {
  let [waiting, length]: [string[], number] = [[], 0];
  for await (const part of parts) {
    if (typeof part === 'string') {
      waiting.push(part);
      length += part.length;
      if (length < chunkLength) continue;
    }
    if (length > 0) yield* splitChunk(Buffer.from(waiting.join('')));
    [waiting, length] = [[], 0];
    if (typeof part !== 'string') yield* splitChunk(part);
  }
  yield Buffer.from(waiting.join(''));
}

/** Splits long ones. */
async function* splitChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += chunkLength) {
    yield bytes.subarray(start, start + chunkLength);
    await nextTurn();
  }
}

async function collectChunks(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

/** Milliseconds. A client that does not take its answer for so long gets no more of it. */
const sendTimeoutMs = 10_000;

/** Answers with a body, in the encoding that the client prefers. Sends nothing to a client that has gone. */
export async function sendBody(request: IncomingMessage, response: ServerResponse, body: Body): Promise<void> {
  const isCompressed = new Negotiator(request).encoding(['gzip', 'identity']) === 'gzip';
  const chunks = isCompressed ? await body.compressed() : await body.plain();
  if (response.destroyed) return;
  response.setTimeout(sendTimeoutMs, () => response.destroy());
  response.setHeader('Vary', 'Accept, Accept-Encoding').setHeader('Content-Length', totalLength(chunks));
  if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
  response.cork();
  for (const chunk of chunks) response.write(chunk);
  response.end();
}

function totalLength(chunks: readonly Buffer[]): number {
  return chunks.reduce((total, { length }) => total + length, 0);
}
