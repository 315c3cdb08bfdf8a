import { quote } from '../diagnosis/remedies/shell.ts';
import type { Sample } from '../scrape/metric.ts';
import { endpoint } from './format.ts';

type Labels = Sample['labels'];

/** The labels that tell a virtual server from the others, of one of its series. */
export function identityOf({ protocol = '', address = '', port = '', fwmark = '', family }: Labels): Labels {
  return { protocol, address, port, fwmark, ...(family === undefined ? {} : { family }) };
}

/** `tcp 10.0.0.100:80`, `firewall mark 100`. */
export function nameVirtualServer({ protocol = '', address = '', port = '', fwmark = '' }: Labels): string {
  return fwmark === '' ? `${protocol} ${endpoint(address, port)}` : `firewall mark ${fwmark}`;
}

export function nameRealServer({ real_address: address = '', real_port: port = '' }: Labels): string {
  return endpoint(address, port);
}

/** How ipvsadm is told of a virtual server: `-t 10.0.0.100:80`. */
export function serviceOption({ protocol = '', address = '', port = '', fwmark = '', family }: Labels): string {
  if (fwmark !== '') return family === 'ipv6' ? `-f ${fwmark} -6` : `-f ${fwmark}`;
  const option = serviceOptions[protocol] ?? '-t';
  return `${option} ${socketAddress(address, port)}`;
}

const serviceOptions: Readonly<Record<string, string>> = { tcp: '-t', udp: '-u', sctp: '--sctp-service' };

/** How ipvsadm is told of a real server: `-r 10.0.0.11:80`. */
export function serverAddress({ real_address: address = '', real_port: port = '' }: Labels): string {
  return `-r ${socketAddress(address, port)}`;
}

/** The same with the way it is reached: `-r 10.0.0.11:80 -g`. */
export function serverOption(labels: Labels): string {
  return `${serverAddress(labels)} ${forwardOptions[labels.forward ?? ''] ?? '-g'}`;
}

const forwardOptions: Readonly<Record<string, string>> = { direct: '-g', tunnel: '-i', masquerade: '-m', local: '-g' };

function socketAddress(address: string, port: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return quote(`${host}:${port}`);
}
