import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createJsonMeter } from '../parsers/bounded-json.ts';
import { openVSwitchBounds } from '../parsers/openstack/open-vswitch.ts';
import { withSource } from './read.ts';

/** What is asked for, as RFC 7047 has it. There is no operation but "select", which changes nothing. */
const request = {
  method: 'transact',
  id: 0,
  params: [
    'Open_vSwitch',
    { op: 'select', table: 'Bridge', where: [], columns: ['name', 'external_ids'] },
    { op: 'select', table: 'Port', where: [], columns: ['name', 'tag', 'other_config'] },
    { op: 'select', table: 'Interface', where: [], columns: ['name', 'type', 'external_ids'] },
    // Limits of zones. Columns are not named: before Open vSwitch 3.3 there are none for limits. Before 2.13 the tables
    // are not there, and the answers to what stands before are given nevertheless.
    { op: 'select', table: 'Open_vSwitch', where: [] },
    { op: 'select', table: 'Datapath', where: [] },
    { op: 'select', table: 'CT_Zone', where: [] },
  ],
};

/** Of the whole exchange, whatever comes. */
const timeoutMs = 5_000;

/** Those of 10,000 ports take 6 MB. */
const maxCharacters = 16 * 1024 * 1024;

/**
 * Asks the database of Open vSwitch for its bridges, ports, interfaces and limits of zones, all of the same moment, and gives its answer.
 * The socket is asked and not `ovs-vsctl`: it is there as well where Open vSwitch runs in a container.
 */
export async function readOpenVSwitch(path: string): Promise<string> {
  const socket = createConnection(path).setEncoding('utf8');
  const timer = setTimeout(() => socket.destroy(timedOut(path)), timeoutMs);
  try {
    await once(socket, 'connect');
    socket.write(JSON.stringify(request));
    return await readAnswer(socket, path);
  } catch (error) {
    throw withSource(path, error);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function readAnswer(socket: Socket, path: string): Promise<string> {
  const isWhole = createJsonMeter(openVSwitchBounds);
  const parts: string[] = [];
  let characters = 0;
  for await (const part of socket) {
    parts.push(part);
    characters += part.length;
    if (characters > maxCharacters) throw new Error(`${path}: expected at most ${maxCharacters} characters`);
    if (isWhole(part)) return parts.join('');
  }
  throw new Error(`${path}: expected an answer, got the end of the connection`);
}

function timedOut(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${path}: no answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' });
}
