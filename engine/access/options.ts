/** The claims of the viewer's access token (RFC 7519 §4). `scope` has the scopes, separated by spaces. */
export type Claims = Readonly<Record<string, unknown>>;

/** Evaluates a policy of `@policy`: only true grants it; anything else, including a rejection, denies it. */
export type PolicyFunction<TContext> = (
  policy: string,
  request: { readonly claims: Claims | undefined; readonly context: TContext },
) => boolean | null | undefined | Promise<boolean | null | undefined>;

/** How a supergraph's access directives are enforced. The settings have the same meaning as in Apollo Router. */
export interface AccessSettings {
  /** False disables the directives. Default: true. */
  readonly enabled?: boolean;
  /** Logs what would be removed, but removes nothing. Default: false. */
  readonly dryRun?: boolean;
  /** Rejects the whole operation when any part of it would be removed. Default: false. */
  readonly rejectUnauthorized?: boolean;
  /** Rejects every operation of an unauthenticated viewer with 401. Default: false. */
  readonly requireAuthentication?: boolean;
  /**
   * Mutation fields that start a session: in their payload the caller counts as authenticated. Subgraphs must then be
   * called as the new session's user. Default: none.
   */
  readonly sessionFields?: readonly string[];
  readonly errors?: {
    /** Where the client finds what was removed. Default: `errors`. */
    readonly response?: 'errors' | 'extensions' | 'disabled';
    /** Logs what was removed. Default: true. */
    readonly log?: boolean;
  };
}

/** What is needed to enforce the access directives. */
export interface AccessOptions<TContext> extends AccessSettings {
  /** The verified claims of a request, from its context value; `undefined` for an unauthenticated request. */
  readonly claims: (context: TContext) => Claims | null | undefined;
  /** Needed for `@policy`: without it, every policy is denied. */
  readonly policies?: PolicyFunction<TContext>;
  /** The timeout of a policy in milliseconds; after that it is denied. Default: 1,000. */
  readonly policyTimeoutMs?: number;
}
