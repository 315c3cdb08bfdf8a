import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firewall } from '../../../src/collectors/firewall/firewall.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { createHost } from '../../machine.ts';
import { needs } from '../../needs.ts';

type Place = 'client' | 'hop' | 'server';

/** Three network namespaces in a row: the hop forwards and tracks what a client and a server send to each other. */
export interface Hop {
  readonly addresses: { readonly client: string; readonly server: string };
  /** Runs a command of bash. */
  readonly run: (place: Place, command: string) => string;
  /** From now on replies go from the server straight to the client. */
  readonly bypass: () => void;
  /** Runs commands of a remedy on the hop. What they keep in /root goes when the hop ends. */
  readonly type: (commands: readonly string[]) => void;
  /** How many of so many requests to an address get a reply. */
  readonly request: (address: string, port: number, count: number) => number;
  /** What the hop tracks, as conntrack prints it. */
  readonly list: (filter?: string) => string[];
  /** What the firewall collector reads there. */
  readonly readFirewall: () => Promise<readonly Sample[]>;
  readonly end: () => void;
}

export const serverPort = 8080;

/** What a suite with a hop needs, and rules of iptables and nftables on it. */
export const hopNeeds = [
  'bash',
  'conntrack',
  'ip',
  'iptables',
  'nft',
  'sysctl',
  'root',
  'network namespaces',
  'mount namespaces',
  'ctnetlink',
  'nf_tables',
  'IPv6',
] as const;

export const neededByHop = needs(...hopNeeds);

/** @param family of the addresses */
export async function createHop(name: string, family: 'ipv4' | 'ipv6'): Promise<Hop> {
  const netns = (place: Place) => `lvs-${name}-${place}-${process.pid}`;
  const net = networks[family];
  const run = (place: Place, ...words: readonly string[]) =>
    execFileSync('ip', ['netns', 'exec', netns(place), 'bash', '-c', ...words], {
      encoding: 'utf8',
      stdio: 'pipe',
      env,
    });
  const home = mkdtempSync(join(tmpdir(), 'lvs-hop-'));
  connect(netns, run, net);
  const child = await serve(netns('server'));
  const request: Hop['request'] = (address, port, count) =>
    Number(run('client', `${process.execPath} -e '${requester}' ${address} ${port} ${count}`));
  awaitWay(() => request(net.server, serverPort, 1) === 1);
  run('hop', `conntrack -F 2>/dev/null`);
  const places = ['client', 'hop', 'server'] as const;
  return {
    addresses: { client: net.client, server: net.server },
    run,
    bypass: () => {
      bypass(netns, run, net);
      awaitWay(() => request(net.server, serverPort, 1) === 1);
    },
    type: (commands) => {
      // ip gave it a mount namespace of its own.
      for (const command of commands) run('hop', 'mount --bind "$0" /root && exec bash -c "$1"', home, command);
    },
    request,
    list: (filter = '') =>
      run('hop', `conntrack -L -f ${family} ${filter} 2>/dev/null`)
        .split('\n')
        .filter((line) => line !== ''),
    readFirewall: () => readFirewall((command) => run('hop', command)),
    end: () => {
      child.kill();
      for (const place of places) execFileSync('ip', ['netns', 'delete', netns(place)]);
      rmSync(home, { recursive: true });
    },
  };
}

/** IPv6 takes some time after a link is up before it sends. */
function awaitWay(isOpen: () => boolean): void {
  for (let tries = 0; tries < 60; tries++) if (isOpen()) return;
  throw new Error('No way from the client to the server');
}

/** A start-up file of the shell would slow down every command. */
const env = { ...process.env, BASH_ENV: '' };

const networks = {
  ipv4: {
    client: '192.0.2.1',
    near: '192.0.2.2',
    far: '198.51.100.1',
    server: '198.51.100.10',
    length: '24',
    past: { client: '10.99.0.1', server: '10.99.0.2' },
  },
  ipv6: {
    client: 'fd01::1',
    near: 'fd01::2',
    far: 'fd02::1',
    server: 'fd02::10',
    length: '64 nodad',
    past: { client: 'fd09::1', server: 'fd09::2' },
  },
} as const;

type Run = Hop['run'];
type Net = (typeof networks)[keyof typeof networks];

function connect(netns: (place: Place) => string, run: Run, { client, near, far, server, length }: Net): void {
  for (const place of ['client', 'hop', 'server'] as const) execFileSync('ip', ['netns', 'add', netns(place)]);
  // Otherwise packets of IPv6 wait for the detection of duplicate addresses.
  for (const place of ['client', 'hop', 'server'] as const) run(place, 'sysctl -qw net.ipv6.conf.default.accept_dad=0');
  link('near', netns('hop'), netns('client'));
  link('far', netns('hop'), netns('server'));
  for (const place of ['client', 'hop', 'server'] as const) run(place, 'ip link set lo up');
  run('client', `ip address add ${client}/${length} dev eth0; ip link set eth0 up; ip route add default via ${near}`);
  run('server', `ip address add ${server}/${length} dev eth0; ip link set eth0 up; ip route add default via ${far}`);
  run('hop', `ip address add ${near}/${length} dev near; ip address add ${far}/${length} dev far`);
  run(
    'hop',
    'ip link set near up; ip link set far up; sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1',
  );
  // Tracking begins with a rule that needs it.
  run(
    'hop',
    `nft 'add table inet t; add chain inet t f { type filter hook forward priority 0; }'; nft add rule inet t f ct state established accept`,
  );
  run(
    'hop',
    `nft 'add chain inet t o { type filter hook output priority 0; }'; nft add rule inet t o ct state established accept`,
  );
}

function bypass(netns: (place: Place) => string, run: Run, { client, past, length }: Net): void {
  run('client', `ip link add past type veth peer name past netns ${netns('server')}`);
  for (const place of ['client', 'server'] as const)
    run(place, `ip address add ${past[place]}/${length} dev past; ip link set past up`);
  run(
    'client',
    'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.past.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0',
  );
  run('server', `ip route add ${client} via ${past.client}`);
}

function link(name: string, hop: string, end: string): void {
  execFileSync('ip', ['link', 'add', name, 'netns', hop, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', end]);
}

/** A service that answers each connection, and ends it when the client does; it ends by itself if the suite is ended. */
const service = `require("net").createServer((s) => { s.on("error", () => {}); s.end("ok"); }).listen(${serverPort}, "::", () => console.log("listening")); setTimeout(() => process.exit(), 600000)`;

async function serve(netns: string): Promise<ChildProcess> {
  const child = spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', service], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('The service ended')));
  });
  return child;
}

/** Prints how many of its requests had a reply within a second. */
const requester = `
const [address, port, count] = process.argv.slice(1);
const ask = () => new Promise((done) => {
  const socket = require("net").connect({ host: address, port: Number(port) });
  const end = (reply) => { socket.destroy(); done(reply); };
  socket.setTimeout(1000, () => end(0));
  socket.on("data", () => end(1)).on("error", () => end(0));
});
Promise.all(Array.from({ length: Number(count) }, ask)).then((all) => console.log(all.reduce((sum, one) => sum + one)));
`;

async function readFirewall(run: (command: string) => string): Promise<readonly Sample[]> {
  const texts = {
    iptables: run('iptables-save -c'),
    ip6tables: run('ip6tables-save -c'),
    nft: run('nft -j list ruleset'),
    queues: run('cat /proc/net/netfilter/nfnetlink_queue 2>/dev/null || :'),
  };
  const host = createHost({ files: { '/proc/net/snmp6': run('cat /proc/net/snmp6') } });
  return firewall.collect({ ...host, firewall: async () => texts });
}
