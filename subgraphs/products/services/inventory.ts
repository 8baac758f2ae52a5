import { status } from '@grpc/grpc-js';
import type { Clock } from '../../../common/clock.ts';
import { correlationIdFrom } from '../../../common/correlation.ts';
import { AppError } from '../../../common/errors.ts';
import { shopCurrency } from '../../../common/money.ts';
import type { ServiceIdentityVerifier } from '../../../common/service-identity.ts';
import { traceparentFrom } from '../../../common/trace-context.ts';
import type { CallScope, Handlers } from '../../kit/grpc/handlers.ts';
import {
  inventoryMaxItems,
  inventoryMaxOrders,
  inventoryMaxQuantity,
  type InventoryMethods,
  inventoryPackage,
  inventoryService,
  type ItemMessage,
  type OrderToReserveMessage,
  type ProductMessage,
  type ReserveMessage,
  type ReserveRequestMessage,
  type ReserveResultMessage,
} from '../../kit/grpc/inventory-contract.ts';
import type { ServedService } from '../../kit/grpc/open-server.ts';
import { servicesOnly } from '../../kit/grpc/services-only.ts';
import { StatusError } from '../../kit/grpc/status-error.ts';
import { readId, readIds } from '../../kit/ids.ts';
import type { ProductRepository } from '../data/product-repository.ts';
import type { ReservationRepository } from '../data/reservation-repository.ts';
import type { Product } from '../domain/product.ts';
import {
  reservationLifetimeMs,
  type ReservationItem,
  type ReserveOutcome,
} from '../domain/reservation.ts';

/** The dependencies of the service. */
export interface InventoryDependencies {
  readonly products: Pick<ProductRepository, 'byIds'>;
  readonly reservations: ReservationRepository;
  readonly verifyService: ServiceIdentityVerifier;
  readonly clock: Clock;
}

/** The stock for other services (`inventory.proto`): every call needs a signed identity. */
export function serveInventory(dependencies: InventoryDependencies): ServedService {
  return {
    definition: inventoryPackage,
    name: inventoryService,
    methods: (handlers) => methodsOf(handlers, dependencies),
  };
}

function methodsOf(
  handlers: Handlers,
  { products, reservations, verifyService, clock }: InventoryDependencies,
) {
  const admit = servicesOnly(verifyService);
  const method = <TName extends keyof InventoryMethods>(
    answer: (
      request: InventoryMethods[TName]['request'],
      scope: CallScope,
    ) => Promise<Partial<InventoryMethods[TName]['response']>>,
  ) => handlers.unary(admit, answer);
  const reserve = async ({
    order_id: orderId,
    items,
    confirm,
  }: ReserveRequestMessage): Promise<ReserveMessage> => {
    const now = clock.now();
    const outcome = await reservations.reserve({
      orderId: readOrderId(orderId),
      items: readItems(items),
      state: confirm ? 'CONFIRMED' : 'HELD',
      now: new Date(now),
      expiresAt: new Date(now + reservationLifetimeMs),
    });
    return toReserveMessage(outcome, confirm);
  };
  const reserveOneOf = async (
    order: OrderToReserveMessage,
    scope: CallScope,
  ): Promise<ReserveResultMessage> => {
    try {
      return { response: await reserve(order) };
    } catch (error) {
      const { code, details: message } = scope.failedPart(error, causeOf(order, scope));
      return { failure: { code, message } };
    }
  };

  return {
    GetProducts: method<'GetProducts'>(async ({ product_ids: ids }) => {
      if (ids.length > inventoryMaxItems) {
        throw invalid(`up to ${inventoryMaxItems} products; got ${ids.length}`);
      }
      const possible = readIds(ids);
      const found = possible.length > 0 ? await products.byIds(possible) : [];
      return { products: found.map(toMessage) };
    }),

    Reserve: method<'Reserve'>(reserve),

    ReserveMany: method<'ReserveMany'>(async ({ orders }, scope) => {
      if (orders.length > inventoryMaxOrders) {
        throw invalid(`up to ${inventoryMaxOrders} orders; got ${orders.length}`);
      }
      return { results: await Promise.all(orders.map((order) => reserveOneOf(order, scope))) };
    }),

    Confirm: method<'Confirm'>(async ({ order_id: orderId }) => ({
      confirmed: await reservations.confirm(readOrderId(orderId)),
    })),

    Release: method<'Release'>(async ({ order_id: orderId }) => {
      await reservations.release(readOrderId(orderId), new Date(clock.now()));
      return {};
    }),
  };
}

function toMessage(product: Product): ProductMessage {
  return {
    id: product.id,
    sku: product.sku,
    name: product.name,
    price_minor: String(product.priceMinor),
    currency_code: shopCurrency,
    stock: product.stock,
    weight_grams: product.weightGrams,
    handling: product.handling,
    archived: product.archivedAt !== null,
  };
}

function toReserveMessage(outcome: ReserveOutcome, confirmed: boolean): ReserveMessage {
  const nothing = { expires_at_ms: '0', confirmed: false, shortages: [] };
  switch (outcome.kind) {
    case 'held': {
      const expiresAtMs = String(outcome.expiresAt.getTime());
      return { ...nothing, outcome: 'HELD', expires_at_ms: expiresAtMs, confirmed };
    }
    case 'short':
      return {
        ...nothing,
        outcome: 'OUT_OF_STOCK',
        shortages: outcome.shortages.map(({ productId, available }) => ({
          product_id: productId,
          available,
        })),
      };
    case 'ended':
      return { ...nothing, outcome: 'ENDED' };
    case 'different':
      throw new StatusError(
        status.ALREADY_EXISTS,
        'This order already has a reservation of other items.',
      );
  }
}

/** The request that wants an order's reservation; what it does not say is that of the call. */
function causeOf(
  { correlation_id: correlationId, traceparent }: OrderToReserveMessage,
  call: CallScope,
): Pick<CallScope, 'correlationId' | 'traceparent'> {
  return {
    correlationId: correlationId === '' ? call.correlationId : correlationIdFrom(correlationId),
    traceparent: traceparent === '' ? call.traceparent : traceparentFrom(traceparent),
  };
}

function readOrderId(text: string): string {
  const id = readId(text);
  if (id === undefined) throw invalid(`the id of an order; got ${text}`);
  return id;
}

function readItems(items: readonly ItemMessage[]): readonly ReservationItem[] {
  if (items.length < 1 || items.length > inventoryMaxItems) {
    throw invalid(`1 to ${inventoryMaxItems} items; got ${items.length}`);
  }
  const seen = new Set<string>();
  return items.map(({ product_id: productId, quantity }) => {
    if (readId(productId) === undefined) throw invalid(`ids of products; got ${productId}`);
    if (seen.has(productId)) throw invalid(`each product only once; got ${productId} twice`);
    if (quantity < 1 || quantity > inventoryMaxQuantity) {
      throw invalid(`quantities of 1 to ${inventoryMaxQuantity}; got ${quantity}`);
    }
    seen.add(productId);
    return { productId, quantity };
  });
}

function invalid(expectation: string): AppError {
  return new AppError('BAD_USER_INPUT', `The call takes ${expectation}.`);
}
