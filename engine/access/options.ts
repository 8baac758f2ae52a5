/** What is known of whoever asks: the claims of an access token (RFC 7519 §4). `scope` has the scopes, by a space. */
export type Claims = Readonly<Record<string, unknown>>;

/** Answers a policy of `@policy`: true grants it; anything else, a rejection included, does not. */
export type PolicyFunction<TContext> = (
  policy: string,
  request: { readonly claims: Claims | undefined; readonly context: TContext },
) => boolean | null | undefined | Promise<boolean | null | undefined>;

/** How the access directives of a supergraph are enforced; the settings have the meaning they have in Apollo Router. */
export interface AccessSettings {
  /** False leaves the directives without any effect. Default: true. */
  readonly enabled?: boolean;
  /** Logs what would be removed, and removes nothing. Default: false. */
  readonly dryRun?: boolean;
  /** Refuses an operation as a whole when any part of it would be removed. Default: false. */
  readonly rejectUnauthorized?: boolean;
  /** Refuses every operation of somebody who is not known, with 401. Default: false. */
  readonly requireAuthentication?: boolean;
  /**
   * Fields of the mutation type that log somebody in: in their payload the caller counts as authenticated. Subgraphs
   * must then be asked in the name of the account that has logged in. Default: none.
   */
  readonly sessionFields?: readonly string[];
  readonly errors?: {
    /** Where a client reads what was removed. Default: `errors`. */
    readonly response?: 'errors' | 'extensions' | 'disabled';
    /** Writes what was removed to the log. Default: true. */
    readonly log?: boolean;
  };
}

/** What is needed to enforce the access directives. */
export interface AccessOptions<TContext> extends AccessSettings {
  /** The claims that a request proved, by its context value; `undefined` for one that proved nothing. */
  readonly claims: (context: TContext) => Claims | null | undefined;
  /** Needed for `@policy`: without it, no policy is granted. */
  readonly policies?: PolicyFunction<TContext>;
  /** The time that policies may take, after which those that are still asked are not granted. Default: 1,000. */
  readonly policyTimeoutMs?: number;
}
