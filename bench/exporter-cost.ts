import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import type { Collector } from '../src/scrape/collector.ts';

/** The options that leave only the ipvs collector on, and let it export all real servers individually. */
export function ipvsAlone(collectors: readonly Collector[]): string[] {
  const others = collectors.filter(({ name, optional }) => name !== 'ipvs' && !optional);
  return [...others.map(({ name }) => `--no-collector.${name}`), '--collector.ipvs.max-series=999999999'];
}

/** As Prometheus asks. Resolves to the compressed text. */
export function fetchCompressed(url: string): Promise<Uint8Array> {
  const headers = { accept: 'text/plain;version=0.0.4', 'accept-encoding': 'gzip' };
  return new Promise((resolve, reject) => {
    const request = get(url, { headers }, (response) => {
      response.toArray().then((chunks) => resolve(Buffer.concat(chunks)), reject);
    });
    request.once('error', reject);
  });
}

/** Of all threads that there are now: exact, where utime and stime of /proc/PID/stat are multiples of 10 ms. */
export function cpuMilliseconds({ pid }: ChildProcess): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((total, thread) => total + ranNanoseconds(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1e6;
}

/** 0 of a thread that has ended. */
function ranNanoseconds(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}

/** The largest resident set. 0 of a process that has ended and is not reaped yet. */
export function peakMebibytes({ pid }: ChildProcess): number {
  const [, kibibytes = 0] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}
