/** Parses a text that comes part by part. */
export interface PartParser {
  /** @throws ParseError */
  add(part: string): void;
  /** Says that there is no more. @throws ParseError if the text was cut off. */
  end(): void;
}
