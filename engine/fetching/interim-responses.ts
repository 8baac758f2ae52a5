/**
 * Makes undici skip an unrequested `100 Continue`, as it does every other interim response (RFC 9110 §15.2). Otherwise
 * it closes the connection, and it has no setting for this. Call it once undici owns the socket.
 */
export function skipContinueResponse(socket: object): void {
  const parser = parserOf(socket);
  if (!parser) return;
  const { onHeadersComplete } = parser;
  parser.onHeadersComplete = (status, upgrade, shouldKeepAlive) =>
    onHeadersComplete.call(parser, status === 100 ? 102 : status, upgrade, shouldKeepAlive);
}

/** The method of undici's parser that is called after each response head. */
interface Parser {
  onHeadersComplete: (status: number, upgrade: boolean, shouldKeepAlive: boolean) => number;
}

function parserOf(socket: object): Parser | undefined {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const value = (socket as Readonly<Record<symbol, unknown>>)[symbol];
    if (typeof value === 'object' && value !== null && 'onHeadersComplete' in value) {
      return value as Parser;
    }
  }
  return undefined;
}
