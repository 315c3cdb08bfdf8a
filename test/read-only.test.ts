import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRequests } from '../lab/referees/netlink-requests.ts';
import { recordedProcfs } from './fixtures.ts';
import { needs } from './needs.ts';
import { startTraced } from './program.ts';

/** The system calls of a run of the program with one scrape. */
async function trace(...args: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-trace-'));
  try {
    const file = join(directory, 'trace');
    const program = await startTraced(file, ...args);
    await program.ready();
    expect((await program.get('/metrics')).status).toBe(200);
    program.process.kill('SIGTERM');
    await program.ended;
    return await readFile(file, 'utf8');
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe('the running program', needs('strace', 'root', 'system call tracing', 'ctnetlink'), () => {
  it('starts no process, writes nothing below /proc or /sys, and only asks over netlink', async () => {
    const calls = await trace();
    const started = calls.split('\n').filter((call) => /\bexecve(at)?\(/.test(call));
    expect(started).toEqual([expect.stringContaining(process.execPath)]);
    const opened = calls.split('\n').filter((call) => /open(at2?)?\(.*"\/(proc|sys)\//.test(call));
    expect(opened.length).toBeGreaterThan(50);
    expect(opened.filter((call) => /O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(call))).toEqual([]);
    const { asks, others } = readRequests(calls);
    expect(asks).toContain('NFNL_SUBSYS_CTNETLINK<<8|IPCTNL_MSG_CT_GET');
    expect(others).toEqual([]);
  });

  // The lab sees the rest of it, on a kernel that has IPVS.
  it('asks which generic netlink families there are, without having the module of one loaded', async () => {
    const calls = await trace(`--path.procfs=${recordedProcfs('shelf')}`, '--collector.ipvs-connections');
    const { asks, others } = readRequests(calls);
    expect(asks).toContain('CTRL_CMD_GETFAMILY');
    expect(calls).toMatch(/nlmsg_type=nlctrl, nlmsg_flags=NLM_F_REQUEST\|0x300/);
    expect(others).toEqual([]);
  });
});

describe('readRequests()', () => {
  /** As strace 6.1 writes them. */
  const request = (type: string, payload: string) =>
    `81    sendto(19, [{nlmsg_len=20, nlmsg_type=${type}, nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK, nlmsg_seq=1, nlmsg_pid=0}, "${payload}"], 20, MSG_DONTWAIT, NULL, 0) = 20`;

  it.each([
    [request('nlctrl', '\\x03\\x02\\x00\\x00'), 'CTRL_CMD_GETFAMILY'],
    [request('IPVS', '\\x04\\x01\\x00\\x00'), 'IPVS_CMD_GET_SERVICE'],
    [request('IPVS', '\\x08\\x01\\x00\\x00\\x30\\x00\\x01\\x00"...'), 'IPVS_CMD_GET_DEST'],
    [
      '7 sendto(20, {nlmsg_len=20, nlmsg_type=RTM_GETLINK, nlmsg_flags=NLM_F_REQUEST}, {ifi_family=AF_UNSPEC}], 20',
      'RTM_GETLINK',
    ],
  ])('reads %s', (line, name) => {
    expect(readRequests(line)).toEqual({ asks: [name], others: [] });
  });

  it.each([
    [request('IPVS', '\\x11\\x01\\x00\\x00'), 'IPVS 11'],
    [request('IPVS', '\\x10\\x01\\x00\\x00'), 'IPVS 10'],
    [request('0x1c /* NLMSG_??? */', '\\x04\\x01\\x00\\x00'), '0x1c /* NLMSG_??? */ 04'],
    [request('nlctrl', '\\x01\\x02\\x00\\x00'), 'nlctrl 01'],
    [
      '7 sendto(20, [{nlmsg_len=20, nlmsg_type=NFNL_SUBSYS_CTNETLINK<<8|IPCTNL_MSG_CT_DELETE, nlmsg_flags=0}, "\\x02"',
      'NFNL_SUBSYS_CTNETLINK<<8|IPCTNL_MSG_CT_DELETE 02',
    ],
    [
      '7 sendmsg(20, {msg_iov=[{iov_base=[{nlmsg_len=20, nlmsg_type=RTM_NEWLINK, nlmsg_flags=0}, {}]}]}, 0) = 20',
      'RTM_NEWLINK',
    ],
  ])('does not take for a question: %s', (line, name) => {
    expect(readRequests(line)).toEqual({ asks: [], others: [name] });
  });

  it('takes no answer for a request', () => {
    expect(readRequests('7 recvmsg(20, {msg_iov=[{iov_base=[{nlmsg_len=20, nlmsg_type=RTM_NEWLINK,')).toEqual({
      asks: [],
      others: [],
    });
  });
});
