import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/page/markup/html.ts';
import { anyCharacter } from '../../parsers/hostile-input.ts';

describe('html', () => {
  it('escapes text', () => {
    expect(html`<p title="${`"'`}">${'<b> & </b>'}</p>`.markup).toBe(
      '<p title="&quot;&#39;">&lt;b&gt; &amp; &lt;/b&gt;</p>',
    );
  });

  it('takes markup as it is, lists in order, numbers, and nothing for undefined', () => {
    const item = (text: string) => html`<li>${text}</li>`;
    expect(html`<ul>${['a', '<'].map(item)}</ul>${7}${undefined}${[]}`.markup).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>7',
    );
  });

  it('keeps backslashes of the template and of text', () => {
    expect(html`<p>a\\b${'\\n'}</p>`.markup).toBe('<p>a\\b\\n</p>');
  });

  it('lets no text end an attribute or begin an element', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const { markup } = html`<p title="${text}">${text}</p>`;
        expect(markup.match(/[<>"]/g)).toEqual(['<', '"', '"', '>', '<', '>']);
      }),
    );
  });
});
