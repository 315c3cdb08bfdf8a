import { type Html, html, type Piece } from './html.ts';

export interface Column<Row> {
  readonly title: string;
  /** Undefined is shown as a dash, and left out where there is little room. */
  readonly cell: (row: Row) => Piece;
  readonly isNumber?: boolean;
}

/**
 * A table whose first column names the row. On a narrow screen each row becomes a list, in which the titles of the
 * columns come from `data-title`; the roles keep it a table for a screen reader even then.
 */
export function tableMarkup<Row>(
  caption: string,
  [first, ...others]: readonly [Column<Row>, ...Column<Row>[]],
  rows: readonly Row[],
): Html {
  return html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${[first, ...others].map(header)}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => html`<tr role="row"><th role="rowheader" scope="row">${first.cell(row)}</th>${others.map((column) => cell(column, row))}</tr>\n`)}</tbody>
</table>`;
}

function header<Row>({ title, isNumber }: Column<Row>): Html {
  return html`<th role="columnheader" scope="col"${classOf(isNumber && 'number')}>${title}</th>`;
}

function cell<Row>({ title, isNumber, cell: read }: Column<Row>, row: Row): Html {
  const content = read(row);
  const classes = classOf(isNumber && 'number', content === undefined && 'none');
  return html`<td role="cell" data-title="${title}"${classes}>${content ?? '–'}</td>`;
}

function classOf(...names: readonly (string | false | undefined)[]): Html | undefined {
  const given = names.filter((name) => typeof name === 'string');
  return given.length > 0 ? html` class="${given.join(' ')}"` : undefined;
}
