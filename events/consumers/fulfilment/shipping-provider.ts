/** A parcel. */
export interface Parcel {
  readonly orderId: string;
  /** Null for old orders without an address. */
  readonly address: ShippingAddress | null;
}

/** A shipping address. */
export interface ShippingAddress {
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/**
 * The shipping provider. Each call is idempotent: an order is one parcel, however often
 * it is requested. Calls reject when the provider is unavailable, and may still have taken effect.
 */
export interface ShippingProvider {
  /** Accepts the parcel of an order and returns its number; `undefined` when it was recalled before. */
  ship(parcel: Parcel, signal: AbortSignal): Promise<string | undefined>;
  /** Recalls the parcel of an order. From then on none is accepted for it. */
  callBack(orderId: string, signal: AbortSignal): Promise<void>;
}
