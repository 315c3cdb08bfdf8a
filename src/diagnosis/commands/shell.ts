/** A text as one word of a POSIX shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command as you type it to run it in a network namespace; undefined is the one that the shell is in. */
export function inNamespace(netns: string | undefined, command: string): string {
  if (netns === undefined) return command;
  return netns.includes('/') ? `nsenter --net=${quote(netns)} ${command}` : `ip netns exec ${quote(netns)} ${command}`;
}
