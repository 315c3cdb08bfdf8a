import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src/page/base.css', 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
const palettes = { light: readPalette(light), dark: readPalette(dark) };
const grounds = ['page', 'surface', 'sunken'];
const levels = ['good', 'info', 'unknown', 'warning', 'critical'];

/** A level stands on its tint in a badge, and on a tile. */
const texts: Readonly<Record<string, readonly string[]>> = {
  text: grounds,
  muted: grounds,
  link: grounds,
  ...Object.fromEntries(levels.map((level) => [level, [`${level}-tint`, 'surface']])),
};
/** WCAG 1.4.11 asks for less of what is no text. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  focus: grounds,
  used: ['surface'],
  settles: ['surface'],
  limit: ['surface'],
};
/** They carry no information of their own. */
const decoration = ['line', 'used-fill'];

describe.each(Object.entries(palettes))('the %s palette', (_name, palette) => {
  it('has contrast on every ground that a color is for', () => {
    expect([...tooFaint(palette, texts, 4.5), ...tooFaint(palette, shapes, 3)]).toEqual([]);
  });

  it('has no color without a ground', () => {
    const tints = levels.map((level) => `${level}-tint`);
    const known = [...Object.keys(texts), ...Object.keys(shapes), ...grounds, ...tints, ...decoration];
    expect([...palette.keys()].sort()).toEqual(known.sort());
  });
});

it('contrast() is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

function readPalette(text: string): Map<string, string> {
  const colors = text.matchAll(/--([a-z-]+): (#[0-9a-f]{6,8});/g);
  return new Map([...colors].map(([, name = '', color = '']) => [name, color]));
}

function tooFaint(
  palette: ReadonlyMap<string, string>,
  pairs: Readonly<Record<string, readonly string[]>>,
  least: number,
): string[] {
  const all = Object.entries(pairs).flatMap(([color, on]) => on.map((ground) => [color, ground] as const));
  return all
    .map(([color, ground]) => ({ color, ground, ratio: contrast(palette.get(color), palette.get(ground)) }))
    .filter(({ ratio }) => !(ratio >= least))
    .map(({ color, ground, ratio }) => `${color} on ${ground}: ${ratio.toFixed(2)}, needs ${least}`);
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one = '', other = ''): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
