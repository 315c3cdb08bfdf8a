import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DumpKind, KeepalivedReader } from '../../src/host/host.ts';
import { removeSecrets } from '../../src/keepalived/dump/redact.ts';
import { readDump } from './fixtures.ts';
import { boot, createMachine, type FakeProcess, parent, vrrp } from './process/fake-proc.ts';

let machine: ReturnType<typeof createMachine>;
let reader: KeepalivedReader;

beforeEach(() => {
  machine = createMachine();
  reader = machine.createReader();
});

afterEach(() => machine.remove());

const otherParent = 200;
const otherVrrp = 201;
const usr1 = 10;
const json = 36;

const [a, b] = ['/etc/keepalived/keepalived.conf', '/etc/keepalived/b.conf'];

function text(kind: DumpKind, folder: string): string {
  return removeSecrets(kind, readDump(folder, kind));
}

function startOther(process: FakeProcess = { words: ['keepalived', '-nlf', b, ''] }): void {
  machine.setProcess(otherParent, process);
  machine.setProcess(otherVrrp, { parentPid: otherParent });
}

const tmpOf = (pid: number) => join(machine.procfs, String(pid), 'root', 'tmp');

/** As two keepaliveds that have the same /tmp. */
function shareTmp(): void {
  rmSync(tmpOf(otherVrrp), { recursive: true });
  symlinkSync(tmpOf(vrrp), tmpOf(otherVrrp));
}

/** Both answer: the first is a master, the other a backup. */
function answer(): void {
  let seconds = boot + 1000;
  machine.onSignal = (signal, pid) => {
    const folder = pid === parent ? '2.2.7/master' : '2.2.7/backup';
    const kind = signal === json ? 'json' : 'data';
    machine.writeDump(kind, seconds++, readDump(folder, kind), tmpOf(pid === parent ? vrrp : otherVrrp));
  };
}

/** Name, whether it runs, and which director its JSON is of. */
async function observe() {
  const all = await reader.keepalived();
  const folders = ['2.2.7/master', '2.2.7/backup'];
  return all.map(({ daemon, running, dumps }) => [
    daemon,
    running,
    folders.find((folder) => text('json', folder) === dumps.json?.text),
  ]);
}

describe('createKeepalivedReader() of several keepaliveds in one network namespace', () => {
  it('names them by their configuration and reads each in its own directory', async () => {
    startOther();
    machine.writeDump('json', boot + 900);
    machine.writeDump('json', boot + 900, readDump('2.2.7/backup', 'json'), tmpOf(otherVrrp));
    expect(await observe()).toEqual([
      [a, true, '2.2.7/master'],
      [b, true, '2.2.7/backup'],
    ]);
  });

  it('asks one after the other, so that each is known by its answer where both write to the same files', async () => {
    startOther();
    shareTmp();
    answer();
    await reader.requestDumps();
    expect(machine.signals).toEqual([
      [parent, usr1],
      [parent, json],
      [otherParent, usr1],
      [otherParent, json],
    ]);
    expect(await observe()).toEqual([
      [a, true, '2.2.7/master'],
      [b, true, '2.2.7/backup'],
    ]);
  });

  it('takes no dump for that of one where both write to the same files and neither was asked', async () => {
    startOther();
    shareTmp();
    machine.writeDump('json', boot + 900);
    expect(await observe()).toEqual([
      [a, true, undefined],
      [b, true, undefined],
    ]);
  });

  it('asks the others when one hangs', async () => {
    startOther();
    answer();
    machine.setProcess(parent, { pending: [usr1] });
    await expect(reader.requestDumps()).rejects.toThrow(`Expected keepalived, process ${parent}, to take`);
    expect(await observe()).toEqual([
      [a, true, undefined],
      [b, true, '2.2.7/backup'],
    ]);
  });

  it.each([[[vrrp]], [[]]])('does not take one that is ending, without a command line, for another', async (ended) => {
    machine.setProcess(parent, { words: ['keepalived', '-nf', b, ''] });
    machine.writeDump('json', boot + 900);
    expect(await observe()).toEqual([['', true, '2.2.7/master']]);
    for (const pid of ended) machine.endProcess(pid);
    machine.time += 20_000;
    machine.setProcess(parent, { words: [] });
    await reader.keepalived();
    for (const pid of [parent, vrrp].filter((pid) => !ended.includes(pid))) machine.endProcess(pid);
    expect(await observe()).toEqual([['', false, '2.2.7/master']]);
  });

  it('has the last dumps of one that ended, and recognizes it when it has another process', async () => {
    startOther();
    answer();
    await reader.requestDumps();
    await observe();
    machine.endProcess(otherParent);
    machine.endProcess(otherVrrp);
    expect(await observe()).toEqual([
      [a, true, '2.2.7/master'],
      [b, false, '2.2.7/backup'],
    ]);
    machine.time += 10_000;
    machine.setProcess(300, { words: ['keepalived', '-nlf', b, ''] });
    machine.setProcess(301, { parentPid: 300 });
    expect(await observe()).toEqual([
      [a, true, '2.2.7/master'],
      [b, true, undefined],
    ]);
  });

  it('finds one that was started later within 10 s', async () => {
    machine.writeDump('json', boot + 900);
    expect(await observe()).toEqual([['', true, '2.2.7/master']]);
    startOther();
    expect(await observe()).toEqual([['', true, '2.2.7/master']]);
    machine.time += 10_000;
    expect((await observe()).map(([daemon]) => daemon)).toEqual([a, b]);
  });

  it.each([
    [['keepalived', '-f', b], b],
    [['keepalived', '-nl', `-f${b}`], b],
    [['keepalived', '--dont-fork', `--use-file=${b}`, '--pid', '/run/f.pid'], b],
    [['keepalived', '--use-file', b, '--config-id=lvs'], `${b} lvs`],
    [['keepalived', '-i', 'lvs'], `${a} lvs`],
    [['keepalived', '-p/run/if.pid', '--log-facility=1', '-S', '1'], `${a} ${otherParent}`],
  ])('names one that was started with %j', async (words, name) => {
    startOther({ words });
    const names = (await observe()).map(([daemon]) => daemon);
    expect(names).toEqual([name === `${a} ${otherParent}` ? `${a} ${parent}` : a, name]);
  });

  it('forgets an ended one of those that only their processes distinguish', async () => {
    startOther({ words: ['keepalived'] });
    expect(await observe()).toHaveLength(2);
    machine.endProcess(otherParent);
    machine.endProcess(otherVrrp);
    expect(await observe()).toEqual([['', true, undefined]]);
  });
});

describe('createKeepalivedReader() of one that was renamed', () => {
  it('recognizes it by its program', async () => {
    for (const [pid, process] of [
      [parent, { name: 'lvs-parent' }],
      [vrrp, { name: 'lvs-vrrp', parentPid: parent }],
    ] as const) {
      machine.setProcess(pid, process);
      const link = join(machine.procfs, String(pid), 'exe');
      const program = join(machine.procfs, 'keepalived (deleted)');
      renameSync(link, program);
      symlinkSync(program, link);
    }
    machine.writeDump('json', boot + 900);
    expect(await observe()).toEqual([['', true, '2.2.7/master']]);
  });
});

describe('createKeepalivedReader() of dumps in other places', () => {
  const dataOf = async () => {
    const [only] = await reader.keepalived();
    return only?.dumps.data?.text === text('data', '2.2.7/master');
  };
  const writeTo = (path: string, seconds = boot + 900, content = readDump('2.2.7/master', 'data')) => {
    const directory = join(machine.procfs, String(vrrp), 'root', path, '..');
    mkdirSync(directory, { recursive: true });
    machine.writeDump('data', seconds, content, directory);
    renameSync(join(directory, 'keepalived.data'), join(machine.procfs, String(vrrp), 'root', path));
  };
  const configure = (configuration: string, name = 'keepalived.conf') => {
    const path = join(machine.procfs, String(parent), 'root', 'etc', 'keepalived', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, configuration);
  };

  it.each(['keepalived.lvs.data', 'keepalived.ns1_lvs.data', 'keepalived.a.b.data'])(
    'reads the data where they have the name of an instance: %s',
    async (name) => {
      writeTo(`tmp/${name}`);
      expect(await dataOf()).toBe(true);
    },
  );

  it.each(['keepalived_check.data', 'keepalived_parent.lvs.data', 'keepalived-old.data', 'keepalived.data.save'])(
    'reads no other file as the data: %s',
    async (name) => {
      writeTo(`tmp/${name}`);
      expect(await dataOf()).toBe(false);
    },
  );

  it('reads the youngest of the present process where several have names of instances', async () => {
    writeTo('tmp/keepalived.data', boot + 99, readDump('2.2.7/backup', 'data'));
    writeTo('tmp/keepalived.old.data', boot + 800, readDump('2.2.7/backup', 'data'));
    writeTo('tmp/keepalived.new.data', boot + 900);
    expect(await dataOf()).toBe(true);
  });

  it('reads the one that was the answer, whatever others have younger ones', async () => {
    machine.onSignal = (signal) => {
      if (signal === usr1) writeTo('tmp/keepalived.mine.data', boot + 900);
      else machine.writeDump('json', boot + 901);
    };
    await reader.requestDumps();
    writeTo('tmp/keepalived.other.data', boot + 950, readDump('2.2.7/backup', 'data'));
    expect(await dataOf()).toBe(true);
  });

  it.each([
    ['state_dump_file /var/lib/dumps/', 'var/lib/dumps/keepalived.data'],
    ['state_dump_file /var/lib/dumps/lvs.dump', 'var/lib/dumps/lvs.dump'],
    ['  state_dump_file "/var/lib/lvs"  # here\ndata_use_instance', 'var/lib/lvs.web'],
    ['state_dump_file lvs.txt\ndata_use_instance', 'tmp/lvs.web.txt'],
    ['data_use_instance\n}\nnet_namespace blue\nglobal_defs {', 'tmp/keepalived.blue_web.data'],
    ['}\ninclude conf.d/*.conf\nglobal_defs {', 'var/lib/included.data'],
    ['# state_dump_file /var/lib/dumps/', 'tmp/keepalived.data'],
  ])('reads the data at the path of the configuration: %s', async (line, path) => {
    configure(`instance web\nglobal_defs {\n${line}\n}\n`);
    configure('state_dump_file /var/lib/included.data\n', 'conf.d/dumps.conf');
    configure('state_dump_file /var/lib/other.data\n', 'conf.d/dumps.conf.save');
    writeTo(path);
    expect(await dataOf()).toBe(true);
  });

  it('reads no file with the name of an instance where the configuration names none', async () => {
    configure('vrrp_instance VI_1 {\n}\n');
    writeTo('tmp/keepalived.lvs.data');
    expect(await dataOf()).toBe(false);
  });

  it('reads in /tmp where a folder stands for the configuration', async () => {
    mkdirSync(join(machine.procfs, String(parent), 'root', 'etc', 'keepalived', 'keepalived.conf'), {
      recursive: true,
    });
    writeTo('tmp/keepalived.data');
    expect(await dataOf()).toBe(true);
  });

  it('reads in the directory that keepalived was built for', async () => {
    const program = "--prefix=/usr '--with-tmp-dir=/run/keepalived' --enable-json\0Keepalived v2.2.7 (01/16,2022)\0";
    writeFileSync(join(machine.procfs, String(parent), 'exe'), program);
    writeTo('run/keepalived/keepalived.data');
    expect(await dataOf()).toBe(true);
  });
});
