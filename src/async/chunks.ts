/** Hands a text on part by part, until there is no more or `take` wants no more. Resolves to whether that was all. */
export async function takeParts(parts: AsyncIterable<string>, take: (part: string) => boolean): Promise<boolean> {
  for await (const part of parts) {
    if (!take(part)) return false;
  }
  return true;
}
