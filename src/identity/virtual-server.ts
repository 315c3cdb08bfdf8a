import { endpoint } from './address.ts';

type Labels = Readonly<Record<string, string>>;

/** A virtual server: by protocol, address and port, or by firewall mark and address family. Empty for what does not apply. */
export type ServiceIdentity = {
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  readonly fwmark: string;
  readonly family?: string;
  /** What people call it, where that is known. */
  readonly name?: string;
};

/** @param labels those of any series of a virtual server or of one of its real servers. */
export function identityOf({ protocol = '', address = '', port = '', fwmark = '', family }: Labels): ServiceIdentity {
  return { protocol, address, port, fwmark, ...(family === undefined ? {} : { family }) };
}

/** The same for all samples of a virtual server and its real servers. */
export function virtualServerKey({ protocol, address, port, fwmark, family }: Labels): string {
  return `${protocol} ${address} ${port} ${fwmark} ${family}`;
}

/** The same for all samples of a real server. */
export function realServerKey(labels: Labels): string {
  return `${virtualServerKey(labels)} ${labels.real_address} ${labels.real_port} ${labels.forward}`;
}

/**
 * `tcp 10.0.0.100:80`, `firewall mark 7 (ipv4)`; with a name `web shop (10.0.0.100:80)`. The alerts have the same text:
 * alerts/src/templates.ts.
 */
export function nameService(service: ServiceIdentity): string {
  const { protocol, address, port, fwmark, name } = service;
  if (name === undefined) return describeService(service);
  const isPlain = fwmark === '' && protocol === 'tcp';
  return `${name} (${isPlain ? endpoint(address, port) : describeService(service)})`;
}

function describeService({ protocol, address, port, fwmark, family }: ServiceIdentity): string {
  if (fwmark === '') return `${protocol} ${endpoint(address, port)}`;
  return `firewall mark ${fwmark}${family === undefined ? '' : ` (${family})`}`;
}

export function nameServer({ address, port }: { readonly address: string; readonly port: string }): string {
  return endpoint(address, port);
}
