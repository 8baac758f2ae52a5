import { loadProto } from './load-proto.ts';

/** The descriptors of `inventory.proto`. */
export const inventoryPackage = loadProto(new URL('./inventory.proto', import.meta.url));

/** The name of the service in `inventory.proto`. */
export const inventoryService = 'shop.inventory.v1.Inventory';

/** The subgraph that serves it: the audience of its callers' identities. */
export const inventoryOwner = 'products';

/** The maximum number of products in one call, or in one order. */
export const inventoryMaxItems = 100;

/** The maximum number of orders in one call. */
export const inventoryMaxOrders = 100;

/** The maximum quantity of a product in an order. */
export const inventoryMaxQuantity = 1_000;

/**
 * The methods of the service by name, with their requests and responses. 64-bit integers are text, enums their names.
 */
export interface InventoryMethods {
  readonly GetProducts: {
    readonly request: { readonly product_ids: readonly string[] };
    readonly response: { readonly products: readonly ProductMessage[] };
  };
  readonly Reserve: {
    readonly request: ReserveRequestMessage;
    readonly response: ReserveMessage;
  };
  readonly ReserveMany: {
    readonly request: { readonly orders: readonly OrderToReserveMessage[] };
    readonly response: { readonly results: readonly ReserveResultMessage[] };
  };
  readonly Confirm: {
    readonly request: { readonly order_id: string };
    readonly response: { readonly confirmed: boolean };
  };
  readonly Release: {
    readonly request: { readonly order_id: string };
    readonly response: object;
  };
}

/** The message `Product`. */
export interface ProductMessage {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price_minor: string;
  readonly currency_code: string;
  readonly stock: number;
  readonly weight_grams: number;
  readonly handling: string;
  readonly archived: boolean;
}

/** The message `Item`. */
export interface ItemMessage {
  readonly product_id: string;
  readonly quantity: number;
}

/** The message `ReserveRequest`. */
export interface ReserveRequestMessage {
  readonly order_id: string;
  readonly items: readonly ItemMessage[];
  readonly confirm: boolean;
}

/** The message `OrderToReserve`. */
export interface OrderToReserveMessage extends ReserveRequestMessage {
  readonly correlation_id: string;
  readonly traceparent: string;
}

/** The message `ReserveResult`. */
export type ReserveResultMessage =
  | { readonly response: ReserveMessage }
  | { readonly failure: { readonly code: number; readonly message: string } };

/**
 * The message `ReserveResponse`; when it is read all members are present, but a response may omit members with default
 * values.
 */
export interface ReserveMessage {
  readonly outcome: string;
  readonly expires_at_ms: string;
  readonly confirmed: boolean;
  readonly shortages: readonly { readonly product_id: string; readonly available: number }[];
}
