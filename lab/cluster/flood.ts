import { repository } from './folders.ts';
import type { Node } from './node.ts';

/** Node resolves what a program from its standard input imports from the working directory, so koffi is found. */
const runProgram = `
  cd ${repository}
  node_modules/.bin/esbuild --loader=ts --log-level=warning <lab/syn-sender.ts |
    "$0" --input-type=module - "$@"`;

/** Floods a TCP port with SYNs from a node. */
export async function sendSyns(
  from: Node,
  { address, port }: { address: string; port: number },
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<{ sent: number }> {
  const words = [address, port, perSecond, seconds].map(String);
  return JSON.parse(await from.run('bash', ['-o', 'pipefail', '-c', runProgram, process.execPath, ...words]));
}
