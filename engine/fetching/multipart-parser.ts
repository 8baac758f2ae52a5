/** Receives the parts of a response. */
export interface PartReader {
  /** The JSON object of a part, as text. */
  part(text: string): void;
  /** The closing delimiter. */
  end(): void;
}

/**
 * Reads a multipart response (RFC 2046 §5.1.1) whose parts are JSON objects, in pieces as they arrive. A part is
 * complete with the last brace of its object: some servers send the delimiter behind it, others only with the next part.
 */
export class MultipartParser {
  private readonly delimiter: string;
  private readonly maxChars: number;
  private readonly reader: PartReader;
  private readonly decoder = new TextDecoder();
  /** The text of the line, or of the object, that is being read. */
  private pending = '';
  private place: 'before' | 'headers' | 'object' | 'over' = 'before';
  /** How far the object in `pending` was read, and what is open there. */
  private at = 0;
  private depth = 0;
  private isInString = false;

  /** A part may have `maxChars` characters. Throws a RangeError for a type without a boundary. */
  constructor(contentType: string, maxChars: number, reader: PartReader) {
    const [, plain, quoted] = boundaryPattern.exec(contentType) ?? [];
    const boundary = plain ?? quoted;
    if (boundary === undefined) throw new RangeError('sent parts without a boundary.');
    this.delimiter = `--${boundary}`;
    this.maxChars = maxChars;
    this.reader = reader;
  }

  /** Reads the next bytes, and reports the parts that they complete. Throws a RangeError for any other text, and for a part that is too long. */
  push(bytes: Uint8Array): void {
    this.pending += this.decoder.decode(bytes, { stream: true });
    let isMore = true;
    while (isMore) isMore = this.place === 'object' ? this.readObject() : this.readLine();
    if (this.pending.length > this.maxChars) {
      throw new RangeError(`sent an event of more than ${this.maxChars} characters.`);
    }
  }

  /** Reads one line, if all of it has arrived. */
  private readLine(): boolean {
    if (this.place === 'over') {
      this.pending = '';
      return false;
    }
    // No line end has to follow the last delimiter.
    if (this.pending.startsWith(`${this.delimiter}--`)) {
      this.place = 'over';
      this.reader.end();
      return true;
    }
    const end = this.pending.indexOf('\n');
    if (end < 0) return false;
    const line = this.pending.slice(0, end).trimEnd();
    this.pending = this.pending.slice(end + 1);
    if (this.place === 'headers' && line === '') this.place = 'object';
    else if (this.place === 'before' && line === this.delimiter) this.place = 'headers';
    return true;
  }

  /** Reads on in the object; true when it is complete. */
  private readObject(): boolean {
    if (this.at === 0) {
      this.pending = this.pending.trimStart();
      if (this.pending === '') return false;
      if (!this.pending.startsWith('{')) throw new RangeError('sent a part that is not an object.');
    }
    for (; this.at < this.pending.length; this.at += 1) {
      const char = this.pending.charCodeAt(this.at);
      if (this.isInString) {
        if (char === backslash) this.at += 1;
        else if (char === quote) this.isInString = false;
      } else if (char === quote) this.isInString = true;
      else if (char === openBrace) this.depth += 1;
      else if (char === closeBrace) {
        this.depth -= 1;
        if (this.depth === 0) return this.takeObject(this.at + 1);
      }
    }
    return false;
  }

  private takeObject(end: number): true {
    const text = this.pending.slice(0, end);
    if (text.length > this.maxChars) {
      throw new RangeError(`sent an event of more than ${this.maxChars} characters.`);
    }
    this.pending = this.pending.slice(end);
    this.at = 0;
    this.place = 'before';
    this.reader.part(text);
    return true;
  }
}

const boundaryPattern = /;\s*boundary\s*=\s*(?:([^\s";,]{1,70})|"([^"]{1,70})")/i;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
