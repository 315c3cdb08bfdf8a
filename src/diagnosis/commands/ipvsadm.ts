import type { ServiceIdentity } from '../../identity/virtual-server.ts';
import { quoteShell } from './shell.ts';

interface Server {
  readonly address: string;
  readonly port: string;
  /** How it is reached, as the label `forward` has it. */
  readonly forward: string;
}

/** How ipvsadm names a virtual server: `-t 10.0.0.100:80`. */
export function serviceOption({ protocol, address, port, fwmark, family }: ServiceIdentity): string {
  if (fwmark !== '') return family === 'ipv6' ? `-f ${fwmark} -6` : `-f ${fwmark}`;
  const option = serviceOptions[protocol] ?? '-t';
  return `${option} ${socketAddress(address, port)}`;
}

const serviceOptions: Readonly<Record<string, string>> = { tcp: '-t', udp: '-u', sctp: '--sctp-service' };

/** How ipvsadm names a real server: `-r 10.0.0.11:80`. */
export function serverAddress({ address, port }: Omit<Server, 'forward'>): string {
  return `-r ${socketAddress(address, port)}`;
}

/** The same with the way it is reached: `-r 10.0.0.11:80 -g`. Undefined if ipvsadm has no option for it. */
export function serverOption(server: Server): string | undefined {
  const option = forwardOptions.get(server.forward);
  return option && `${serverAddress(server)} ${option}`;
}

const forwardOptions: ReadonlyMap<string, string> = new Map([
  ['direct', '-g'],
  ['tunnel', '-i'],
  ['masquerade', '-m'],
  ['local', '-g'],
]);

function socketAddress(address: string, port: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return quoteShell(`${host}:${port}`);
}
