/**
 * A template in which a label that a series lacks is an empty text, as it is in Prometheus anyway; vmalert prints
 * `<no value>`, and refuses the whole alert where a query is made of it.
 */
export function safeLabels(template: string): string {
  return template.replaceAll(/\{\{ (.+?) \}\}/g, (_, action: string) => `{{ ${safeAction(action)} }}`);
}

const label = /(?:\$labels|\.Labels)\.\w+/g;
const printed = /^(?:\$labels|\.Labels)\.\w+$/;
/** What only asks whether there is one. */
const asked = /^(?:with|if|else if)(?: not)? \S+$/;

function safeAction(action: string): string {
  if (asked.test(action)) return action;
  return printed.test(action) ? `or ${action} ""` : action.replaceAll(label, '(or $& "")');
}
