import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Negotiator from 'negotiator';
import { gzip } from './gzip.ts';
import { limitSending } from './request-limit.ts';

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
      plain ??= collectChunks(toChunks(makeParts()), (chunk) => Buffer.from(chunk));
      return plain;
    },
    compressed() {
      compressed ??= collectChunks(gzip(toChunks(makeParts())), (chunk) => chunk);
      return compressed;
    },
  };
}

/** Bytes that are made and compressed at a time: some 2 ms of a processor, after which others have their turn. */
const chunkLength = 2 ** 18;
/** Most bodies are shorter than a chunk: memory grows with them up to that. */
const firstLength = 2 ** 14;

/** Joins short parts and splits long ones. Use a chunk before you ask for the next one, which has the same memory. */
async function* toChunks(parts: Parts): AsyncGenerator<Buffer> {
  let chunk: Buffer = Buffer.allocUnsafe(firstLength);
  let length = 0;
  for await (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    for (let start = 0; start < bytes.length; ) {
      if (length === chunkLength) {
        yield chunk;
        await nextTurn();
        length = 0;
      }
      const end = Math.min(bytes.length, start + chunkLength - length);
      chunk = makeRoom(chunk, length, length + end - start);
      chunk.set(bytes.subarray(start, end), length);
      length += end - start;
      start = end;
    }
  }
  yield chunk.subarray(0, length);
}

/** The same bytes in memory for `wanted` of them. */
function makeRoom(chunk: Buffer, length: number, wanted: number): Buffer {
  if (wanted <= chunk.length) return chunk;
  const larger = Buffer.allocUnsafe(Math.min(Math.max(wanted, 2 * chunk.length), chunkLength));
  larger.set(chunk.subarray(0, length));
  return larger;
}

async function collectChunks(chunks: AsyncIterable<Buffer>, keep: (chunk: Buffer) => Buffer): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(keep(chunk));
  return all;
}

/** Answers with a body, in the encoding that the client prefers. Sends nothing to a client that has gone. */
export async function sendBody(request: IncomingMessage, response: ServerResponse, body: Body): Promise<void> {
  const isCompressed = new Negotiator(request).encoding(['gzip', 'identity']) === 'gzip';
  const chunks = isCompressed ? await body.compressed() : await body.plain();
  if (response.destroyed) return;
  limitSending(response);
  response.setHeader('Vary', 'Accept, Accept-Encoding').setHeader('Content-Length', totalLength(chunks));
  if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
  response.cork();
  for (const chunk of chunks) response.write(chunk);
  response.end();
}

function totalLength(chunks: readonly Buffer[]): number {
  return chunks.reduce((total, { length }) => total + length, 0);
}
