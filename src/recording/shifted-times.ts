/** The times of a dump that are read: `Last transition = 1795868173.538197 (DATE)`, and `"last_transition":1795868173.538197`. */
const times = /(^ *Last transition = |"last_transition": *)(\d{9,12}(?:\.\d+)?)(?: \(.*\))?/gm;

/** keepalived writes microseconds. The date in brackets is left out: it would be that of the recording. */
export function shiftTimes(dump: string, shift: (recordedSeconds: number) => number): string {
  return dump.replaceAll(times, (_, key: string, seconds: string) => key + shift(Number(seconds)).toFixed(6));
}
