/** An event of a stream: its name, and its data. */
export interface StreamedEvent {
  readonly name: string;
  readonly data: string;
}

/** Reads the text of an event stream (server-sent events, WHATWG HTML §9.2.6), in pieces as they arrive. */
export class EventStreamParser {
  private readonly maxChars: number;
  private readonly onEvent: (event: StreamedEvent) => void;
  private readonly decoder = new TextDecoder();
  /** The pieces of a line whose end has not arrived. */
  private line: string[] = [];
  private chars = 0;
  private name = '';
  private data: string[] = [];
  private endedWithReturn = false;

  /** An event may have `maxChars` characters. */
  constructor(maxChars: number, onEvent: (event: StreamedEvent) => void) {
    this.maxChars = maxChars;
    this.onEvent = onEvent;
  }

  /** Reads the next bytes, and reports the events that they complete. Throws a RangeError for an event that is too long. */
  push(bytes: Uint8Array): void {
    let text = this.decoder.decode(bytes, { stream: true });
    if (text === '') return;
    // A carriage return has already ended the line.
    if (this.endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    this.endedWithReturn = text.endsWith('\r');
    const [first = '', ...others] = text.split(/\r\n|[\r\n]/);
    this.add(first);
    for (const next of others) {
      const line = this.line.join('');
      this.line = [];
      this.read(line);
      this.add(next);
    }
  }

  private add(piece: string): void {
    if (piece === '') return;
    this.chars += piece.length;
    if (this.chars > this.maxChars) {
      throw new RangeError(`sent an event of more than ${this.maxChars} characters.`);
    }
    this.line.push(piece);
  }

  private read(line: string): void {
    if (line === '') {
      this.dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (field === 'event') this.name = value;
    else if (field === 'data') this.data.push(value);
    // Comments keep the connection open; they are not part of an event.
    else if (field === '') this.chars -= line.length;
  }

  private dispatch(): void {
    const { name, data } = this;
    this.name = '';
    this.data = [];
    this.chars = 0;
    if (name !== '' || data.length > 0) this.onEvent({ name, data: data.join('\n') });
  }
}
