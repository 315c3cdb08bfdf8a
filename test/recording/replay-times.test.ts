import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Keepalived } from '../../src/host/host.ts';
import { createFrameWriter } from '../../src/recording/frame-writer.ts';
import { createRecordingHost } from '../../src/recording/recording-host.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { createHost } from '../machine.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lvs-exporter-times-'));
});

afterEach(() => rm(directory, { recursive: true }));

const recordedSeconds = 100_000_010;
const replayedSeconds = 200_000_010;
/** From one moment of the recording to the next, or to its start again. */
const everySeconds = 5;

/** A keepalived that became master ten seconds before the recording or the replay begins. */
function keepalivedAt(beginSeconds: number, date: string) {
  const transition = `${beginSeconds - 10}.250000`;
  const modifiedSeconds = beginSeconds - 2;
  return {
    daemon: '',
    running: true,
    processes: [{ process: 'vrrp', running: true, startSeconds: beginSeconds - 20, restarts: 0 }],
    dumps: {
      json: { text: `[{"last_transition":${transition}}]`, modifiedSeconds },
      data: { text: `   Last transition = ${transition}${date}\n`, modifiedSeconds },
    },
  } as const;
}

async function recordKeepalived(keepalived: readonly Keepalived[]): Promise<void> {
  const about = { format: 1, version: '0', startedSeconds: recordedSeconds, everySeconds };
  await writeFile(join(directory, 'recording.json'), JSON.stringify(about));
  const writer = createFrameWriter(directory, (_path, text) => text);
  writer.begin(0);
  await createRecordingHost(createHost({ keepalived }), writer).keepalived();
  await writer.finish();
}

describe('openReplay()', () => {
  it.each([
    [0, 0],
    [1.3, 0],
    [4.999, 0],
    [5, 1],
    [9.7, 1],
  ])(
    'gives every time of keepalived after %d seconds as one of round %d, the same at each reading',
    async (after, round) => {
      await recordKeepalived([keepalivedAt(recordedSeconds, ' (Sat Mar  3 09:46:40.250000 1973)')]);
      let seconds = 0;
      const host = await openReplay(directory, { speed: 1, now: () => (replayedSeconds + seconds) * 1000 });
      seconds = after;
      expect(await host.keepalived()).toEqual([keepalivedAt(replayedSeconds + round * everySeconds, '')]);
    },
  );

  it('gives no time to come of a dump that was written while the machine was read', async () => {
    const json = { text: `[{"last_transition":${recordedSeconds + 2}.250000}]`, modifiedSeconds: recordedSeconds + 3 };
    await recordKeepalived([{ daemon: '', running: true, dumps: { json } }]);
    const host = await openReplay(directory, { speed: 1, now: () => replayedSeconds * 1000 });
    const atOnce = { text: `[{"last_transition":${replayedSeconds}.000000}]`, modifiedSeconds: replayedSeconds };
    expect(await host.keepalived()).toEqual([{ daemon: '', running: true, dumps: { json: atOnce } }]);
  });
});
