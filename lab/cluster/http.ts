import { type Agent, get } from 'node:http';

/** A plain GET, without an agent on a connection of its own. Rejects unless the answer is 200. */
export function fetchText(url: string, agent: Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: 10_000 }, async (response) => {
      const chunks = await response.setEncoding('utf8').toArray();
      if (response.statusCode === 200) resolve(chunks.join(''));
      else reject(new Error(`${url} answered ${response.statusCode}: ${chunks.join('').slice(0, 200)}`));
    });
    request.once('timeout', () => request.destroy(new Error(`${url} did not answer within 10 s`)));
    request.once('error', reject);
  });
}
