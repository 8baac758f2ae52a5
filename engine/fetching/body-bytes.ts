/** The first allocated buffer has room for at least this many bytes. */
const bufferMinBytes = 4_096;

/**
 * The most chunks of a body. Every chunk has a fixed cost, whatever its size. A server that does not fragment on
 * purpose sends even the largest allowed body in a few thousand.
 */
const chunksMax = 100_000;

/**
 * Collects the bytes of a body. Chunks are joined as they arrive: keeping each one would cost a buffer even for a
 * single byte. So a body uses at most three times its own size.
 */
export class BodyBytes {
  private bytes: Buffer = emptyBuffer;
  private length = 0;
  private chunkCount = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /**
   * Counts a chunk. Returns a problem when there are too many bytes or chunks: the rest of a sentence that starts with
   * the sender.
   */
  count(chunk: Buffer): string | undefined {
    this.length += chunk.length;
    this.chunkCount += 1;
    if (this.length > this.maxBytes) return `sent more than ${this.maxBytes} bytes.`;
    if (this.chunkCount > chunksMax) return `sent its response in more than ${chunksMax} chunks.`;
    return undefined;
  }

  /** Appends a chunk that was counted. */
  add(chunk: Buffer): void {
    // Most bodies are a single chunk; it is not copied.
    if (this.chunkCount === 1) this.bytes = chunk;
    else {
      const before = this.length - chunk.length;
      if (this.length > this.bytes.length || this.chunkCount === 2) this.makeRoom(before);
      chunk.copy(this.bytes, before);
    }
  }

  /** The text so far. */
  toString(): string {
    return this.bytes.toString('utf8', 0, this.length);
  }

  private makeRoom(used: number): void {
    const room = Buffer.allocUnsafeSlow(Math.max(bufferMinBytes, 2 * this.length));
    this.bytes.copy(room, 0, 0, used);
    this.bytes = room;
  }
}

const emptyBuffer = Buffer.alloc(0);
