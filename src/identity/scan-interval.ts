/**
 * How often the connection tracking table is scanned, and keepalived asked for dumps, unless configured otherwise: a
 * table can be full within a minute. Whatever else assumes it takes it from here.
 */
export const scanIntervalSeconds = 15;

/** As a cron expression with seconds. */
export const scanSchedule = `*/${scanIntervalSeconds} * * * * *`;
