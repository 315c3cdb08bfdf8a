/** Parses a text that comes part by part. */
export interface ChunkParser {
  /** @throws ParseError */
  add(part: string): void;
  /** Says that there is no more. @throws ParseError if the text was cut off. */
  end(): void;
}
