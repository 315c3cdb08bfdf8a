/** A file does not have the form its writer gives it. `line` counts from 1. */
export class ParseError extends SyntaxError {
  override readonly name = 'ParseError';
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`Cannot parse line ${line}: ${problem}`);
    this.line = line;
  }
}
