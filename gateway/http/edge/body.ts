import type { IncomingMessage } from 'node:http';
import { AppError } from '../../../common/errors.ts';

/** Limits on bodies while they are received. */
export interface BodyLimits {
  /** The maximum size of one body. */
  readonly bodyLimitBytes: number;
  /** The bytes of all bodies being received, on all connections. */
  readonly held: HeldBytes;
}

/** Memory held for partly received bodies. */
export class HeldBytes {
  private readonly maxBytes: number;
  private bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** True if there was room for this many more. */
  take(bytes: number): boolean {
    if (this.bytes + bytes > this.maxBytes) return false;
    this.bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.bytes -= bytes;
  }
}

/** A body that is being received. */
export interface IncomingBody {
  /**
   * The whole body. Rejects with an AppError for a body that is too large, arrives in too many pieces, or finds no
   * memory. Stays pending when the client disconnects midway: no response could be sent.
   */
  readonly whole: Promise<Buffer>;
  /** False for a body that is refused for its announced length; nothing of it is read. */
  readonly isWanted: boolean;
  /** Releases what has arrived; `whole` stays pending. */
  readonly stop: () => void;
}

/** True for a request that announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? '0') > 0;
}

/**
 * Reads a body; to be called in the same turn in which its request arrives. Pieces are joined as they arrive, so that a
 * body takes at most twice the bytes received, however small the pieces. The server enforces its deadline.
 */
export function readBody(
  request: IncomingMessage,
  { bodyLimitBytes, held }: BodyLimits,
): IncomingBody {
  const announced = Number(request.headers['content-length']);
  let joined: Buffer | undefined;
  let length = 0;
  let pieces = 0;
  let taken = 0;
  let settle: (outcome: Buffer | AppError) => void = () => undefined;

  const stop = (): void => {
    request.off('data', onData).off('end', onEnd).off('close', stop);
    held.give(taken);
    taken = 0;
    joined = undefined;
  };
  const end = (outcome: Buffer | AppError): void => {
    stop();
    settle(outcome);
  };
  const onData = (piece: Buffer): void => {
    const total = length + piece.length;
    pieces += 1;
    if (total > bodyLimitBytes) end(tooLarge(bodyLimitBytes));
    else if (pieces > piecesMax + total / pieceBytesMin) end(tooManyPieces);
    else if (total === announced && length === 0) {
      joined = piece;
      length = total;
    } else if (makeRoom(total)) {
      piece.copy(joined ?? nothing, length);
      length = total;
    } else end(noRoom);
  };
  /** Doubles the buffer as it fills up: the announced length may never arrive. */
  const makeRoom = (bytes: number): boolean => {
    if (joined && joined.length >= bytes) return true;
    const most = announced >= bytes ? Math.min(announced, bodyLimitBytes) : bodyLimitBytes;
    const capacity = Math.min(most, Math.max(capacityMin, bytes * 2));
    if (!held.take(capacity - taken)) return false;
    taken = capacity;
    const larger = Buffer.allocUnsafeSlow(capacity);
    joined?.copy(larger, 0, 0, length);
    joined = larger;
    return true;
  };
  const onEnd = (): void => {
    end(joined?.subarray(0, length) ?? nothing);
  };

  const whole = new Promise<Buffer>((resolve, reject) => {
    settle = (outcome) => {
      if (outcome instanceof AppError) reject(outcome);
      else resolve(outcome);
    };
  });
  // Avoids an unhandled rejection when a caller stops reading for another reason.
  whole.catch(() => undefined);
  const isWanted = !(announced > bodyLimitBytes);
  if (isWanted) request.on('data', onData).on('end', onEnd).on('close', stop);
  else settle(tooLarge(bodyLimitBytes));
  return { whole, isWanted, stop };
}

/** The number of pieces that a small body may have; for a larger one, one for each so many bytes. */
const piecesMax = 4_096;
const pieceBytesMin = 256;
const capacityMin = 1_024;
const nothing = Buffer.alloc(0);

const tooManyPieces = new AppError('BAD_REQUEST', 'The body arrives in too many pieces.');
const noRoom = new AppError('OVERLOADED', 'The server is receiving too much data; try again.', {
  retryAfterSeconds: 1,
});

function tooLarge(bytes: number): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', `The body may have ${bytes} bytes.`);
}
