import { SaxesParser } from 'saxes';
import type { ChunkParser } from '../chunk-parser.ts';
import { quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** A virtual machine as libvirt has it, with what Nova noted in its metadata. Empty texts stand for what is not there. */
export interface LibvirtDomain {
  /** libvirt's: `instance-0000002a`. */
  readonly name: string;
  /** With Nova, that of the instance. */
  readonly uuid: string;
  /** The name that its tenant gave it. */
  readonly instanceName: string;
  readonly project: string;
  readonly projectId: string;
  readonly interfaces: readonly LibvirtInterface[];
  /** Ports of Neutron, which Nova notes since Victoria. */
  readonly ports: readonly NovaPort[];
}

export interface LibvirtInterface {
  /** The host's end: `tap1a2b3c4d-5e`. */
  readonly device: string;
  readonly mac: string;
  /** UUID of its port, where libvirt itself plugs it into Open vSwitch. */
  readonly portId: string;
  /** That a filter lets through. Neutron has filters of its own. */
  readonly addresses: readonly string[];
}

export interface NovaPort {
  readonly id: string;
  readonly addresses: readonly string[];
}

/** Characters of a file: one of a virtual machine with hundreds of disks has 300,000. */
const maxCharacters = 2 ** 20;

/** Elements in one another. libvirt and Nova have 7 at most. */
const deepest = 32;

/** Length of a name that a user chose. Nova allows as many characters. */
const maxNameLength = 255;

/**
 * Parses /run/libvirt/qemu/NAME.xml, the state of a running domain, or /etc/libvirt/qemu/NAME.xml, its definition
 * (`virDomainObjFormat()` and `virDomainDefFormat()` in libvirt's src/conf/domain_conf.c; for the metadata
 * `LibvirtConfigGuestMetaNovaInstance` in nova/virt/libvirt/config.py), and hands the domain to `take`.
 */
export function createLibvirtDomainParser(take: (domain: LibvirtDomain) => void): ChunkParser {
  const domain = emptyDomain();
  const path: string[] = [];
  const parser = new SaxesParser();
  let characters = 0;
  let text = '';
  const refuse = (problem: string): never => {
    throw new ParseError(parser.line, problem);
  };
  parser.on('error', ({ message }) => refuse(`expected XML, got ${quote(message.replace(/^[\d:]+ /, ''))}`));
  parser.on('doctype', () => refuse('expected no document type'));
  parser.on('opentag', ({ name, attributes }) => {
    if (path.length === 0 && name !== 'domain' && name !== 'domstatus') refuse(`expected a domain, got ${quote(name)}`);
    if (path.length === deepest) refuse(`expected at most ${deepest} elements in one another`);
    path.push(name);
    text = '';
    attributeReaders.get(placeOf(path))?.(domain, attributes);
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', () => {
    fillText(domain, placeOf(path), text);
    path.pop();
    text = '';
  });
  return {
    add(part) {
      characters += part.length;
      if (characters > maxCharacters) refuse(`expected at most ${maxCharacters} characters`);
      parser.write(part);
    },
    end() {
      parser.close();
      take(domain);
    },
  };
}

/** Where an element is in its domain: `devices/interface/mac`. */
function placeOf(path: readonly string[]): string {
  return path.slice(path[0] === 'domstatus' ? 2 : 1).join('/');
}

/** A domain while it is read. */
type Draft<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Draft<Item>[] : T[Key] };
type Domain = Draft<LibvirtDomain>;
type Attributes = Readonly<Record<string, string>>;

function emptyDomain(): Domain {
  return { name: '', uuid: '', instanceName: '', project: '', projectId: '', interfaces: [], ports: [] };
}

const nova = 'metadata/nova:instance';

/** What is read when an element opens. */
const attributeReaders: ReadonlyMap<string, (domain: Domain, attributes: Attributes) => void> = new Map([
  ['devices/interface', ({ interfaces }) => interfaces.push({ device: '', mac: '', portId: '', addresses: [] })],
  ['devices/interface/mac', ({ interfaces }, { address }) => fill(interfaces.at(-1), 'mac', address?.toLowerCase())],
  ['devices/interface/target', ({ interfaces }, { dev }) => fill(interfaces.at(-1), 'device', dev)],
  [
    'devices/interface/virtualport/parameters',
    ({ interfaces }, { interfaceid }) => fill(interfaces.at(-1), 'portId', interfaceid?.toLowerCase()),
  ],
  [
    'devices/interface/filterref/parameter',
    ({ interfaces }, { name = '', value = '' }) => {
      if (/^IP(V6)?$/.test(name)) interfaces.at(-1)?.addresses.push(value);
    },
  ],
  [`${nova}/nova:owner/nova:project`, (domain, { uuid }) => fill(domain, 'projectId', uuid)],
  [`${nova}/nova:ports/nova:port`, ({ ports }, { uuid = '' }) => ports.push({ id: uuid.toLowerCase(), addresses: [] })],
  [`${nova}/nova:ports/nova:port/nova:ip`, ({ ports }, { address = '' }) => ports.at(-1)?.addresses.push(address)],
] as const);

/** What the text of an element is. */
const textFields: ReadonlyMap<string, 'name' | 'uuid' | 'instanceName' | 'project'> = new Map([
  ['name', 'name'],
  ['uuid', 'uuid'],
  [`${nova}/nova:name`, 'instanceName'],
  [`${nova}/nova:owner/nova:project`, 'project'],
] as const);

function fillText(domain: Domain, place: string, text: string): void {
  const field = textFields.get(place);
  if (field !== undefined) fill(domain, field, text);
}

function fill<Key extends string>(target: Record<Key, string> | undefined, key: Key, value: string | undefined): void {
  if (target !== undefined && value !== undefined) target[key] = printable(value);
}

/** A tenant chooses the name of an instance: nothing in it may move a terminal's cursor or turn text around. */
function printable(text: string): string {
  return text.trim().slice(0, maxNameLength).replaceAll(/\p{C}/gu, '?');
}
