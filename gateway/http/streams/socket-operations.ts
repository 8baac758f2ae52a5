/**
 * The operations of a WebSocket by their ids. A client that has completed an operation may use its id for another one at
 * once, while the first is still being opened or answered. The library knows operations by their ids alone, and would take
 * the end of the first for that of the second.
 */
export class SocketOperations {
  private readonly payloads = new Map<string, object>();

  /** An operation has come; `payload` is that of its message. */
  begin(id: string, payload: object): void {
    this.payloads.set(id, payload);
  }

  /** Whether another operation has the id now: nothing of this one may be sent any more. */
  isReplaced(id: string, payload: object): boolean {
    const latest = this.payloads.get(id);
    return latest !== undefined && latest !== payload;
  }

  /** An operation is over. */
  finish(id: string, payload: object): void {
    if (this.payloads.get(id) === payload) this.payloads.delete(id);
  }
}
