/** A text as one word of a POSIX shell. */
export function quoteShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command as you type it to run it in a network namespace; undefined is the one that the shell is in. */
export function commandInNamespace(netns: string | undefined, command: string): string {
  if (netns === undefined) return command;
  return netns.includes('/')
    ? `nsenter --net=${quoteShell(netns)} ${command}`
    : `ip netns exec ${quoteShell(netns)} ${command}`;
}
