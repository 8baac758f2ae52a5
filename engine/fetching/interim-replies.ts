/**
 * Has undici read on after a `100 Continue` that nobody asked for, as it does after every other interim reply (RFC 9110
 * §15.2): by itself it ends the connection, and there is no setting for it. To be called once the socket is undici's.
 */
export function readOnAfterContinue(socket: object): void {
  const parser = parserOf(socket);
  if (!parser) return;
  const { onHeadersComplete } = parser;
  parser.onHeadersComplete = (status, upgrade, shouldKeepAlive) =>
    onHeadersComplete.call(parser, status === 100 ? 102 : status, upgrade, shouldKeepAlive);
}

/** The part of undici's parser that is told of each head. */
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
