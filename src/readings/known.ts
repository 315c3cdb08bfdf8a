/** Numbers by name, without those that are not known. */
export function known<Name extends string>(
  values: Readonly<Record<Name, number | undefined>>,
): { readonly [Key in Name]?: number } {
  const entries = Object.entries<number | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { readonly [Key in Name]?: number };
}

/** How many a list of `most` leaves out. Undefined if none. */
export function leftOut(all: number, most: number): number | undefined {
  return all > most ? all - most : undefined;
}
