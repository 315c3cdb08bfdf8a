/** Parses a text that comes part by part. */
export interface ChunkParser {
  /** @throws ParseError */
  add(part: string): void;
  /** Ends the text. @throws ParseError if the text was cut off. */
  end(): void;
}
