import { endpoint } from '../../readings/format.ts';
import type { Sample } from '../../scrape/metric.ts';

/** The same for all samples of a virtual server and its real servers. */
export function virtualServerKey({ protocol, address, port, fwmark, family }: Sample['labels']): string {
  return `${protocol} ${address} ${port} ${fwmark} ${family}`;
}

/** The same for all samples of a real server. */
export function realServerKey(labels: Sample['labels']): string {
  return `${virtualServerKey(labels)} ${labels.real_address} ${labels.real_port} ${labels.forward}`;
}

/** `tcp 10.0.0.100:80`, `mark 7, ipv4` */
export function virtualServerName({
  protocol = '',
  address = '',
  port = '',
  fwmark = '',
  family,
}: Sample['labels']): string {
  if (fwmark === '') return `${protocol} ${endpoint(address, port)}`;
  return family === undefined ? `mark ${fwmark}` : `mark ${fwmark}, ${family}`;
}
