import { addCopyButtons } from './copy.ts';

/** What the server last sent of each section: scripts and readers change the sections themselves. */
const sent = new Map<string, string>();

/** Takes over the page as it was delivered. */
export function adoptSections(main: HTMLElement): void {
  for (const section of main.children) sent.set(section.id, section.outerHTML);
  addCopyButtons(main);
}

/** Brings the sections of a new page into the present one. What did not change stays as it is, and
 * so does one in which text is selected. */
export function updateSections(main: HTMLElement, fresh: HTMLElement): void {
  main.className = fresh.className;
  const ids = new Set([...fresh.children].map(({ id }) => id));
  for (const section of [...main.children]) if (!ids.has(section.id)) section.remove();
  let before: Element | null = null;
  for (const next of [...fresh.children]) {
    before = place(main, next, before);
  }
}

function place(main: HTMLElement, next: Element, before: Element | null): Element {
  const present = main.querySelector(`:scope > #${next.id}`);
  const markup = next.outerHTML;
  if (present && (sent.get(next.id) === markup || holdsSelection(present))) return present;
  sent.set(next.id, markup);
  addCopyButtons(next);
  if (present) replace(present, next);
  else if (before) before.after(next);
  else main.prepend(next);
  return next;
}

function holdsSelection(section: Element): boolean {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(section, true);
}

/** What was open stays so, and the keyboard stays where it was, as long as there are as many of each kind as before. */
function replace(present: Element, next: Element): void {
  for (const [before, after] of pairs<HTMLDetailsElement>('details', present, next)) after.open = before.open;
  const controls = pairs<HTMLElement>('a, button, summary', present, next);
  const [, focused] = controls.find(([before]) => before === document.activeElement) ?? [];
  present.replaceWith(next);
  focused?.focus({ preventScroll: true });
}

function pairs<Found extends Element>(selector: string, present: Element, next: Element): [Found, Found][] {
  const before = [...present.querySelectorAll<Found>(selector)];
  const after = [...next.querySelectorAll<Found>(selector)];
  if (before.length !== after.length) return [];
  return before.flatMap((one, index) => {
    const other = after[index];
    return other ? [[one, other]] : [];
  });
}
