/** One colour for one thing, on every panel. Names of Grafana's palette, which it adapts to the theme. */
export const colours = {
  good: 'green',
  warning: 'orange',
  critical: 'red',
  neutral: 'blue',
  unknown: 'text',
  none: 'transparent',

  used: 'blue',
  limit: 'red',
  equilibrium: 'orange',
  unreplied: 'orange',
  replied: 'green',
  leaving: 'blue',
  evicted: 'orange',
  lost: 'red',

  master: 'green',
  backup: 'blue',
  fault: 'red',
  passing: 'yellow',
} as const;
