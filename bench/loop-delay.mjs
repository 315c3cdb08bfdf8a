/** Loaded before a program that is measured: counts how late its event loop is, from `begin` to `end` of its parent. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

process.on('message', (message) => {
  if (message === 'begin') delays.reset();
  else process.send?.({ p99: delays.percentile(99) / 1e6, max: delays.max / 1e6 });
});
// It waits for nothing when the program ends.
process.channel?.unref();
