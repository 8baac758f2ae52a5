/** What a schema links for `@event`, without the version. */
export const eventDirectiveIdentity = 'https://supergraph-gateway.dev/event';

/** The definition that a subgraph with `@event` has, beside its links. */
export const eventDirectiveSdl =
  'directive @event(channel: String!, initial: Boolean! = false, public: Boolean! = false) on FIELD_DEFINITION';
