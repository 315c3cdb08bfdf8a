/** Gives each block of commands a button that copies it. */
export function addCopyButtons(within: ParentNode): void {
  for (const block of within.querySelectorAll('.commands > pre')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', () => {
      button.textContent = copy(block) ? 'Copied' : 'Press Ctrl-C';
    });
    block.after(button);
  }
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
