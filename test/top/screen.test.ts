import { describe, expect, it } from 'vitest';
import { type Model, renderScreen, visibleRows } from '../../src/top/screen.ts';
import { createTable, numberColumn, textColumn } from '../../src/top/table.ts';
import { inColumns, widthOf } from '../../src/top/text-width.ts';
import { firstView, press, type View } from '../../src/top/view.ts';

interface Row {
  readonly name: string;
  readonly size: number | undefined;
}

function modelOf(rows: readonly Row[]): Model {
  const columns = [textColumn('Name', ({ name }: Row) => name), numberColumn('Size', ({ size }: Row) => size, String)];
  return {
    header: ['top'],
    tables: [createTable('things', 'Nothing', rows, columns), createTable('none', 'Nothing', [], columns)],
  };
}

const size = { columns: 80, rows: 24 };
const model = modelOf([
  { name: 'b', size: 9 },
  { name: 'a', size: 10 },
  { name: 'c', size: undefined },
]);

/** The view after these keys. */
function viewAfter(...keys: readonly string[]): View {
  const extent = { columns: model.tables.map(({ columns }) => columns.length), rows: visibleRows(model, size) };
  return keys.reduce((view: View, key) => press(view, key, extent) ?? view, firstView);
}

/** The first words of the rows that are shown. */
function namesAfter(...keys: readonly string[]): string[] {
  const lines = renderScreen(model, viewAfter(...keys), size).slice(3, -1);
  return lines.flatMap(({ text }) => text.trim().split(/\s+/)[0] || []);
}

describe('renderScreen()', () => {
  it.each([
    [[], ['a', 'b', 'c']],
    [['r'], ['c', 'b', 'a']],
    [['s'], ['a', 'b', 'c']],
    [
      ['s', 'r'],
      ['c', 'b', 'a'],
    ],
    [
      ['s', 's'],
      ['a', 'b', 'c'],
    ],
    [['/', 'B', 'enter'], ['b']],
    [
      ['/', 'x', 'escape'],
      ['a', 'b', 'c'],
    ],
    [['/', 'x', 'backspace', 'c'], ['c']],
    [
      ['down', 'down'],
      ['a', 'b', 'c'],
    ],
    [['2'], ['Nothing']],
    [
      ['tab', 'tab'],
      ['a', 'b', 'c'],
    ],
    [['left'], ['Nothing']],
    [['9'], ['a', 'b', 'c']],
  ])('shows after %j the rows %j', (keys, names) => {
    expect(namesAfter(...keys)).toEqual(names);
  });

  it('scrolls as far as there are rows', () => {
    const many = modelOf(Array.from({ length: 100 }, (_, index) => ({ name: `n${index}`, size: 100 - index })));
    const first = (view: View) => renderScreen(many, view, size)[3]?.text.split(' ')[0];
    expect(
      [
        viewAfter(),
        viewAfter('page-down'),
        viewAfter('down', 'down', 'up'),
        viewAfter('end'),
        viewAfter('end', 'home'),
      ].map(first),
    ).toEqual(['n0', 'n20', 'n1', 'n80', 'n0']);
  });

  it.each([
    [80, 24],
    [40, 10],
    [250, 60],
    [1, 1],
  ])('has %i columns and %i rows exactly, whatever names there are', (columns, rows) => {
    const names = [
      '\u001b]0;owned\u0007\u001b[2J',
      'a\nb\r\u009b31m',
      '\u202eevil',
      '漢字'.repeat(200),
      'e\u0301'.repeat(9),
      '',
    ];
    const hostile = modelOf(names.map((name) => ({ name, size: 1 })));
    const header = { ...hostile, header: names };
    for (const keys of [[], ['/', ...'\u001b['], ['h']]) {
      for (const shown of [hostile, header]) {
        const lines = renderScreen(shown, viewAfter(...keys), { columns, rows });
        expect(lines.map(({ text }) => widthOf(text))).toEqual(Array(rows).fill(columns));
        expect(lines.map(({ text }) => text).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    }
  });

  it.each(['q', 'ctrl-c', 'ctrl-d'])('ends at %s', (key) => {
    expect(press(firstView, key, { columns: [2], rows: 20 })).toBeUndefined();
  });

  it('takes q as a letter of the filter', () => {
    expect(viewAfter('/', 'q')).toEqual({ ...firstView, filter: 'q', isTyping: true });
  });
});

describe('inColumns()', () => {
  it.each([
    ['abc', 5, 'abc  '],
    ['abcdef', 4, 'abc…'],
    ['漢字', 3, '漢…'],
    ['漢字', 2, '… '],
    ['', 2, '  '],
    ['a', 0, ''],
  ])('puts %j in %i columns', (given, columns, shown) => {
    expect(inColumns(given, columns)).toBe(shown);
  });
});
