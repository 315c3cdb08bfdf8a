/** What main.ts passes on to the driver. */
export const driverOptions = { record: { type: 'boolean', default: false } } as const;
