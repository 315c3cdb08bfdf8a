/** What main.ts passes on to the driver. */
export const driverOptions = { record: { type: 'boolean', default: false } } as const;

/** The last line of the driver: the exit status of a program inside does not reach the host. */
export function closingLine({ seen, notSeen }: { seen: number; notSeen: number }): string {
  return notSeen === 0 ? `lab: all ${seen} checks seen` : `lab: ${notSeen} of ${seen + notSeen} checks NOT SEEN`;
}

export function saysAllSeen(line: string): boolean {
  return /^lab: all [1-9]\d* checks seen$/.test(line);
}
