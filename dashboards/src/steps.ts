import type { Severity } from '../../src/identity/severity.ts';
import { colours } from './colours.ts';
import type { Thresholds } from './grafana.ts';

/** One colour whatever the value. */
export function plain(colour: string = colours.neutral): Thresholds {
  return { mode: 'absolute', steps: [{ value: null, color: colour }] };
}

/** Where the alerts draw the line: the more the worse. */
export function rising({ warning, critical }: { warning: number; critical?: number }): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { value: null, color: colours.good },
      { value: warning, color: colours.warning },
      ...(critical === undefined ? [] : [{ value: critical, color: colours.critical }]),
    ],
  };
}

/** The less the worse. */
export function falling({ warning, critical }: { warning: number; critical: number }): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { value: null, color: colours.critical },
      { value: critical, color: colours.warning },
      { value: warning, color: colours.good },
    ],
  };
}

const colourOf: Readonly<Record<Severity, string>> = {
  info: colours.neutral,
  warning: colours.warning,
  critical: colours.critical,
};

/** Anything above 0 is as bad as the alert that goes off then. */
export function anyIs(severity: Severity): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { value: null, color: colours.good },
      { value: 0.001, color: colourOf[severity] },
    ],
  };
}

/** Nothing left is bad. */
export const noneIsCritical: Thresholds = {
  mode: 'absolute',
  steps: [
    { value: null, color: colours.critical },
    { value: 1, color: colours.good },
  ],
};

/** Too little is as bad as too much. */
export function between({ least, most }: { least: number; most: number }): Thresholds {
  return {
    mode: 'absolute',
    steps: [
      { value: null, color: colours.warning },
      { value: least, color: colours.good },
      { value: most, color: colours.warning },
    ],
  };
}
