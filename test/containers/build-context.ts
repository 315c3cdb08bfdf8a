/** Patterns of a .dockerignore that begins with `*` and then lets plain paths in, which is all that this project needs. */
export function parseAllowedPaths(dockerignore: string): string[] {
  const [first, ...rest] = dockerignore.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  const odd = rest.find((line) => !/^![\w./-]+$/.test(line));
  if (first !== '*' || odd !== undefined) throw new SyntaxError(`Expected "*" and then "!PATH", got "${odd ?? first}"`);
  return rest.map((line) => line.slice(1));
}

export function isInContext(path: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => path === one || path.startsWith(`${one}/`));
}
