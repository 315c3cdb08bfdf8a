/** What the driver can do instead of scenarios. */
export const driverOptions = {
  record: { type: 'boolean', default: false },
  'record-demo': { type: 'boolean', default: false },
} as const;
