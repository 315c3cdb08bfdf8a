import { dumpKinds, type FlowReading, type Host, type Keepalived } from '../host/host.ts';
import type { Flow, ReadingOptions } from '../identity/flow.ts';
import { formatFlow } from './flow-line.ts';
import {
  addressesPath,
  announcementsSource,
  countersSource,
  dumpPath,
  flowsPath,
  interfaceStatisticsPath,
  ipvsPath,
  keepalivedSource,
  namespacePrefix,
  neighboursPath,
  openVSwitchPath,
  platformSource,
  rawTablesPath,
  zoneLimitsPath,
} from './frame.ts';
import type { FrameWriter } from './frame-writer.ts';

/** Flows of a table that are kept of one moment, 3 MB: of a larger table, a sample. */
const maxFlows = 20_000;

/** Characters of a long file that are kept of one moment: of IPVS connections, as many. */
const maxCharacters = 2 ** 21;

/** The same machine; what is read of it is written down. `prefix` goes before the paths of another namespace. */
export function createRecordingHost(machine: Host, writer: FrameWriter, prefix = ''): Host {
  async function noting<T>(source: string, read: Promise<T>, note: (value: T) => void): Promise<T> {
    try {
      const value = await read;
      note(value);
      return value;
    } catch (error) {
      writer.lose(source, error);
      throw error;
    }
  }

  async function readFlows(visit: (flow: Flow) => void, options?: ReadingOptions): Promise<FlowReading> {
    const lines: string[] = [];
    const keepLine = (flow: Flow) => {
      if (lines.length < maxFlows) lines.push(`${formatFlow(flow)}\n`);
      visit(flow);
    };
    const path = prefix + flowsPath;
    return await noting(path, machine.flows(keepLine, options), ({ entries, complete, interrupted, source }) => {
      writer.keep(path, lines.join(''));
      writer.frame().flows[path] = { complete: complete && entries === lines.length, interrupted, source };
    });
  }

  async function readParts(path: string, take: (part: string) => boolean): Promise<boolean> {
    let text = '';
    let length = 0;
    const keepPart = (part: string) => {
      if (length < maxCharacters) text += part;
      length += part.length;
      return take(part);
    };
    return await noting(prefix + path, machine.readParts(path, keepPart), (complete) => {
      const isWhole = complete && text.length === length;
      writer.keep(prefix + path, isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1));
      if (!isWhole) writer.frame().cut.push(prefix + path);
    });
  }

  function noteKeepalived(keepaliveds: readonly Keepalived[]): void {
    writer.frame().keepalived = keepaliveds.map(({ dumps, ...facts }) => {
      const modified = dumpKinds.flatMap((kind) => {
        const dump = dumps[kind];
        if (dump) writer.keep(dumpPath(facts.daemon, kind), dump.text);
        return dump ? [[kind, dump.modifiedSeconds] as const] : [];
      });
      const ended = dumpKinds.filter((kind) => dumps[kind]?.ended);
      return { ...facts, modifiedSeconds: Object.fromEntries(modified), ...(ended.length > 0 && { ended }) };
    });
  }

  return {
    now: () => machine.now(),
    readFile: (path) => noting(prefix + path, machine.readFile(path), (text) => writer.keep(prefix + path, text)),
    readParts,
    readLink: (path) =>
      noting(prefix + path, machine.readLink(path), (target) => {
        writer.frame().links[prefix + path] = target;
      }),
    listDirectory: (path) =>
      noting(prefix + path, machine.listDirectory(path), (names) => {
        writer.frame().directories[prefix + path] = names;
      }),
    flows: readFlows,
    conntrackCounters: () =>
      noting(prefix + countersSource, machine.conntrackCounters(), (cpus) => {
        const recorded = cpus.map(({ cpu, counters }) => ({ cpu, counters: Object.fromEntries(counters) }));
        writer.frame().counters[prefix + countersSource] = recorded;
      }),
    ipvs: () =>
      noting(prefix + ipvsPath, machine.ipvs(), (detail) => {
        writer.keep(prefix + ipvsPath, `${JSON.stringify(detail, undefined, 2)}\n`);
      }),
    enter: (namespace) => createRecordingHost(machine.enter(namespace), writer, namespacePrefix(namespace)),
    keepalived: () => noting(keepalivedSource, machine.keepalived(), noteKeepalived),
    requestDumps: () => machine.requestDumps(),
    announcements: () =>
      noting(announcementsSource, machine.announcements(), (announcements) => {
        writer.frame().announcements = announcements;
      }),
    addresses: () =>
      noting(prefix + addressesPath, machine.addresses(), (addresses) => {
        writer.keep(prefix + addressesPath, `${JSON.stringify(addresses, undefined, 2)}\n`);
      }),
    neighbours: (addresses) =>
      noting(prefix + neighboursPath, machine.neighbours(addresses), (neighbours) => {
        writer.keep(prefix + neighboursPath, `${JSON.stringify(neighbours, undefined, 2)}\n`);
      }),
    interfaceStatistics: (interfaces, drivers) =>
      noting(prefix + interfaceStatisticsPath, machine.interfaceStatistics(interfaces, drivers), (statistics) => {
        writer.keep(prefix + interfaceStatisticsPath, `${JSON.stringify(statistics, undefined, 2)}\n`);
      }),
    rawTables: () => noting(rawTablesPath, machine.rawTables(), (text) => writer.keep(rawTablesPath, text)),
    openVSwitch: () => noting(openVSwitchPath, machine.openVSwitch(), (text) => writer.keep(openVSwitchPath, text)),
    zoneLimits: () =>
      noting(prefix + zoneLimitsPath, machine.zoneLimits(), (limits) => {
        writer.keep(prefix + zoneLimitsPath, `${JSON.stringify(limits, undefined, 2)}\n`);
      }),
    platform: () =>
      noting(platformSource, machine.platform(), (facts) => {
        writer.frame().platform = facts;
      }),
  };
}
