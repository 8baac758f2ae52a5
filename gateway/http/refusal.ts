import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

/** What a refusal says besides its code and message. */
export interface RefusalDetails {
  /** The HTTP status of the whole answer. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: Error;
}

/** An error that refuses the whole request: Apollo Server answers it with this status and these headers. */
export function refusal(
  code: string,
  message: string,
  { status, headers = {}, cause }: RefusalDetails,
): GraphQLError {
  const http = { status, headers: new HeaderMap(Object.entries(headers)) };
  // GraphiQL's types, too, declare what `http` is, and not as Apollo Server reads it.
  const extensions = { code, http } as unknown as GraphQLErrorExtensions;
  return new GraphQLError(message, { extensions, ...(cause && { originalError: cause }) });
}
