/** How a gateway can receive the events of a subgraph's subscriptions. */
export const eventProtocols = ['sse', 'multipart', 'graphql-transport-ws', 'callback'] as const;

/** One of them. */
export type EventProtocol = (typeof eventProtocols)[number];
