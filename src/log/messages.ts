/**
 * Every message of the log: a short event that starts in lower case, without a full stop. What varies is in the fields.
 * Scripts and runbooks search for these.
 */
export const logMessages = {
  listening: 'listening',
  stopping: 'stopping',
  stopFailed: 'cannot stop',
  stopTimedOut: 'stopping timed out: ending the process',
  collectorWorks: 'collector works',
  collectorAbsent: 'collector returned no data',
  collectorFailed: 'collector failed',
  collectorBug: 'collector failed because of a bug in lvs-exporter',
  collectorStack: 'stack of a failed collector',
  seriesLimited: 'collector exceeds its series limit: some series are left out',
  seriesWithinLimit: 'collector is within its series limit again',
  fifoOpened: 'reading the notify FIFO of keepalived',
  fifoFailed: 'cannot read the notify FIFO of keepalived',
  requestFailed: 'cannot answer a request',
  clientRefused: 'client refused',
  passwordCheckFailed: 'cannot check a password',
  webConfigFailed: 'cannot read the web configuration',
  webConfigReadAgain: 'web configuration can be read again',
  privateKeyExposed: 'private key can be read by every user of this machine',
  statusPageFailed: 'cannot update the status page',
  recorded: 'recorded',
  linesSuppressed: 'repeated lines suppressed',
} as const;

export type LogMessage = (typeof logMessages)[keyof typeof logMessages];
