import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { logFolder } from './folders.ts';

/** A machine of the cluster: the namespaces of one process, see topology.sh. */
export interface Node {
  readonly name: string;
  /** On the network that carries the service. */
  readonly address: string;
  /** On the network that carries the lab's own traffic. */
  readonly management: string;
  /** Runs a command on the node and returns what it printed. Rejects when its exit status is not 0. */
  run(command: string, args?: readonly string[], input?: string): Promise<string>;
  /** Starts a daemon on the node. What it prints goes to a log file of the run. */
  start(command: string, args: readonly string[]): ChildProcess;
}

export interface ShelfAddresses {
  readonly vip: string;
  readonly vip6: string;
  /** Where client comes from when it is answered through shelf. */
  readonly outside: string;
  readonly outside6: string;
}

export interface Topology {
  readonly vip: string;
  readonly shelf: ShelfAddresses;
  readonly nodes: ReadonlyMap<string, Node>;
}

interface NodeFacts {
  readonly pid: number;
  readonly address: string;
  readonly management: string;
}

interface TopologyFacts {
  readonly vip: string;
  readonly shelf: ShelfAddresses;
  readonly nodes: Readonly<Record<string, NodeFacts>>;
}

/** Reads what topology.sh wrote. */
export function readTopology(): Topology {
  const { vip, shelf, nodes }: TopologyFacts = JSON.parse(readFileSync('/run/lab/topology.json', 'utf8'));
  return { vip, shelf, nodes: new Map(Object.entries(nodes).map(([name, facts]) => [name, createNode(name, facts)])) };
}

function createNode(name: string, { pid, address, management }: NodeFacts): Node {
  const enter = ['--target', String(pid), '--net', '--mount', '--pid', '--uts', '--'];
  return {
    name,
    address,
    management,
    run: (command, args = [], input = '') => run(name, [...enter, command, ...args], input),
    start: (command, args) => start(name, command, [...enter, command, ...args]),
  };
}

const maximumOutputBytes = 64 * 1024 * 1024;

function run(node: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('nsenter', args, { maxBuffer: maximumOutputBytes }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const command = args.slice(args.indexOf('--') + 1).join(' ');
      reject(new Error(`Command failed on ${node}: ${command}: ${stderr.trim() || error.message}`, { cause: error }));
    });
    // A command that ends without reading its input breaks the pipe; its exit status shows why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** nsenter is the parent of the daemon and reaps it: PID 1 of a node only sleeps. */
function start(node: string, command: string, args: readonly string[]): ChildProcess {
  const log = openSync(`${logFolder}/${node}-${command.split('/').at(-1)}.log`, 'a');
  return spawn('nsenter', args, { stdio: ['ignore', log, log] });
}
