/** A file does not have the form its writer gives it. `line` counts from 1. */
export class ParseError extends SyntaxError {
  override readonly name = 'ParseError';
  readonly code = 'ERR_PARSE';
  readonly line: number;
  readonly problem: string;
  /** The file, or the command that printed the text. Added by the reader: a parser only has the text. */
  readonly file: string | undefined;

  constructor(line: number, problem: string, file?: string, cause?: unknown) {
    const where = file === undefined ? '' : `${file}: `;
    super(`${where}Cannot parse line ${line}: ${problem}`, cause === undefined ? {} : { cause });
    this.line = line;
    this.problem = problem;
    this.file = file;
  }

  /** The same error with the file that the text came from. */
  in(file: string): ParseError {
    return this.file === undefined ? new ParseError(this.line, this.problem, file, this) : this;
  }
}
