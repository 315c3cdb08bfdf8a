import { announce } from './announce.ts';

/** How long a button shows its result. */
const answeredMs = 3000;

/** Gives each block of commands a button that copies it. */
export function addCopyButtons(within: ParentNode): void {
  for (const commands of within.querySelectorAll<HTMLElement>('.commands')) {
    const block = commands.querySelector('pre');
    if (block) commands.append(copyButton(block, commands.dataset.title ?? ''));
  }
}

/** @param title what the commands do: a page has many such buttons, and a screen reader lists them by their names. */
function copyButton(block: Element, title: string): HTMLButtonElement {
  const button = document.createElement('button');
  const word = document.createElement('span');
  const rest = document.createElement('span');
  button.type = 'button';
  button.className = 'copy';
  word.textContent = 'Copy';
  rest.className = 'unseen';
  rest.textContent = ` commands: ${title}`;
  button.append(word, rest);
  let reset: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', () => {
    word.textContent = copy(block) ? 'Copied' : 'Press Ctrl-C';
    announce(word.textContent);
    clearTimeout(reset);
    reset = setTimeout(() => {
      word.textContent = 'Copy';
    }, answeredMs);
  });
  return button;
}

/**
 * The clipboard of the newer interface is there over HTTPS alone, and an exporter is mostly reached without. Where the
 * older way fails as well, the text stays selected.
 */
function copy(block: Element): boolean {
  getSelection()?.selectAllChildren(block);
  const done = document.execCommand('copy');
  if (done) getSelection()?.removeAllRanges();
  return done;
}
