import type { Dashboard, Panel, Target } from '../../dashboards/src/grafana.ts';

/** One expression of a dashboard, and where it stands. */
export interface Expression {
  readonly where: string;
  readonly expr: string;
}

/** All panels, also those in closed rows. */
export function panelsOf({ panels }: Dashboard): Panel[] {
  return panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel]));
}

export function targetsOf(dashboard: Dashboard): (Expression & { readonly panel: Panel; readonly target: Target })[] {
  return panelsOf(dashboard).flatMap((panel) =>
    panel.targets.map((target) => ({ where: `${panel.title} ${target.refId}`, expr: target.expr, panel, target })),
  );
}

/** Of annotations that Prometheus is asked for. */
export function annotationsOf({ annotations }: Dashboard): Expression[] {
  return annotations.list.flatMap(({ name, expr }) =>
    expr === undefined ? [] : [{ where: `annotation ${name}`, expr }],
  );
}

/** The series that the values of variables are taken from. */
export function variablesOf({ templating }: Dashboard): Expression[] {
  return templating.list.flatMap(({ name, query }) => {
    const text = typeof query === 'string' ? query : query.query;
    const [, expr] = /^label_values\((.+), \w+\)$/.exec(text) ?? [];
    return expr === undefined ? [] : [{ where: `variable ${name}`, expr }];
  });
}

export function expressionsOf(dashboard: Dashboard): Expression[] {
  return [...targetsOf(dashboard), ...annotationsOf(dashboard), ...variablesOf(dashboard)];
}
