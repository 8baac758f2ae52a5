/** The first piece that is joined to another gets room for so many bytes. */
const roomMin = 4_096;

/**
 * The most pieces of a body. Each costs its own handling whatever its size; a body of the largest size that is read comes
 * in a few thousand from any server that does not cut it up on purpose.
 */
const piecesMax = 100_000;

/**
 * The bytes of a body as they come. Pieces are joined at once: each one that was kept would cost a buffer of its own, even
 * for a single byte. So a body holds at most three times its own size.
 */
export class BodyBytes {
  private bytes: Buffer = nothing;
  private length = 0;
  private pieces = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Counts a piece. When it is one too many, says so in the end of a sentence that begins with the sender. */
  count(piece: Buffer): string | undefined {
    this.length += piece.length;
    this.pieces += 1;
    if (this.length > this.maxBytes) return `sent more than ${this.maxBytes} bytes.`;
    if (this.pieces > piecesMax) return `sent its answer in more than ${piecesMax} pieces.`;
    return undefined;
  }

  /** Takes a piece that was counted. */
  add(piece: Buffer): void {
    // A body that comes in one piece, as most do, is not copied.
    if (this.pieces === 1) this.bytes = piece;
    else {
      const before = this.length - piece.length;
      if (this.length > this.bytes.length || this.pieces === 2) this.makeRoom(before);
      piece.copy(this.bytes, before);
    }
  }

  /** The text so far. */
  toString(): string {
    return this.bytes.toString('utf8', 0, this.length);
  }

  private makeRoom(used: number): void {
    const room = Buffer.allocUnsafeSlow(Math.max(roomMin, 2 * this.length));
    this.bytes.copy(room, 0, 0, used);
    this.bytes = room;
  }
}

const nothing = Buffer.alloc(0);
