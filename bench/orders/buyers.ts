import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { askGateway } from '../../test/support/ask-gateway.ts';

/** What buyers have met. */
export interface Bought {
  /** All orders that were placed. */
  readonly placed: number;
  /** Those that were begun after the first second: until then, those who give way to customers have not seen them. */
  readonly ordersPerSecond: number;
  /** How long each of these took, in milliseconds, the shortest first. */
  readonly latencies: Float64Array;
  /** How often something else than a paid order was answered, by what it was. */
  readonly failures: ReadonlyMap<string, number>;
}

interface Placed {
  readonly placeOrder: {
    readonly order: { readonly status: string } | null;
    readonly userErrors: readonly { readonly code: string }[];
  };
}

const query = /* GraphQL */ `
  mutation Place($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      order {
        id
        status
        totalWithShipping {
          amount
          currencyCode
        }
      }
      userErrors {
        code
        message
      }
    }
  }
`;

const uncountedMs = 1_000;

/** How long a buyer waits who was turned away, as the gateway asks for. */
const retryAfterMs = 1_000;

/** Each buyer orders one piece of one of the products, and the next one as soon as that is answered. */
export async function buy(
  gatewayUrl: string,
  tokens: readonly string[],
  productIds: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<Bought> {
  const gateway = new Pool(gatewayUrl, { connections: tokens.length });
  const latencies: number[] = [];
  const failures = new Map<string, number>();
  let placed = 0;
  const countsFrom = performance.now() + uncountedMs;
  const endsAt = countsFrom + seconds * 1_000;
  const shop = async (token: string, place: number): Promise<void> => {
    for (let count = place; performance.now() < endsAt && !signal.aborted; count += 1) {
      const productId = productIds[(count * 31) % productIds.length] ?? '';
      const from = performance.now();
      const failure = await placeOne(gateway, token, productId);
      if (failure === undefined) {
        placed += 1;
        if (from >= countsFrom) latencies.push(performance.now() - from);
        continue;
      }
      failures.set(failure, (failures.get(failure) ?? 0) + 1);
      await pause(retryAfterMs);
    }
  };
  await Promise.all(tokens.map(shop));
  const tookMs = performance.now() - countsFrom;
  await gateway.close();
  return {
    placed,
    ordersPerSecond: latencies.length / (tookMs / 1_000),
    latencies: Float64Array.from(latencies).sort(),
    failures,
  };
}

/** Gives what was answered instead of a paid order, if anything. */
async function placeOne(
  gateway: Pool,
  token: string,
  productId: string,
): Promise<string | undefined> {
  const input = {
    idempotencyKey: randomUUID(),
    items: [{ productId, quantity: 1 }],
    shippingAddress: {
      name: 'Bea',
      line1: '1 Main Street',
      city: 'Springfield',
      postalCode: '62701',
      country: 'US',
    },
    payment: { method: 'CARD', token: 'tok_visa' },
  };
  try {
    const answer = await askGateway<Placed>(gateway, { query, variables: { input } }, token);
    const [error] = answer.errors ?? [];
    if (error) return error.extensions?.code ?? error.message;
    const { order, userErrors } = answer.data?.placeOrder ?? { order: null, userErrors: [] };
    return order?.status === 'PAID' ? undefined : (userErrors[0]?.code ?? order?.status ?? 'none');
  } catch (error) {
    return (error as Error).message;
  }
}
