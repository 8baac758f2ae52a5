import { loadProto } from './load-proto.ts';

/** The descriptors of `inventory.proto`. */
export const inventoryPackage = loadProto(new URL('./inventory.proto', import.meta.url));

/** The name of the service of `inventory.proto`. */
export const inventoryService = 'shop.inventory.v1.Inventory';

/** The subgraph that serves it, which is the audience of the identities of its callers. */
export const inventoryOwner = 'products';

/** The most products that one call names. */
export const inventoryMaxItems = 100;

/** The most pieces of a product that an order may have. */
export const inventoryMaxQuantity = 1_000;

/** The methods of the service by name: what each takes and gives. 64-bit integers are text, enums their names. */
export interface InventoryMethods {
  readonly GetProducts: {
    readonly request: { readonly product_ids: readonly string[] };
    readonly response: { readonly products: readonly ProductMessage[] };
  };
  readonly Reserve: {
    readonly request: { readonly order_id: string; readonly items: readonly ItemMessage[] };
    readonly response: ReserveMessage;
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

/** The message `ReserveResponse`; a caller gets all members, an answer needs those that say something. */
export interface ReserveMessage {
  readonly outcome: string;
  readonly expires_at_ms: string;
  readonly shortages: readonly { readonly product_id: string; readonly available: number }[];
}
