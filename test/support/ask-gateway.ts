import type { Pool } from 'undici';

/** An answer of the gateway. */
export interface GatewayAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string };
  }[];
}

/** Sends an operation to a gateway. Rejects when there is no answer within 65 s. */
export async function askGateway<T>(
  gateway: Pool,
  operation: { readonly query: string; readonly variables: object },
  token: string,
): Promise<GatewayAnswer<T>> {
  const { body } = await gateway.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(operation),
    headersTimeout: 65_000,
    bodyTimeout: 65_000,
  });
  return (await body.json()) as GatewayAnswer<T>;
}
