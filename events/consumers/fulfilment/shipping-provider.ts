/** What is sent. */
export interface Parcel {
  readonly orderId: string;
  /** Null for orders from before addresses were kept. */
  readonly address: ShippingAddress | null;
}

/** Where a parcel goes. */
export interface ShippingAddress {
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/**
 * The provider that sends parcels. Each call may be made again with no other effect: an order is one parcel, however often
 * it is asked. Calls reject when the provider is away, and may then have had their effect all the same.
 */
export interface ShippingProvider {
  /** Takes the parcel of an order, and gives its number; undefined when it was called back before. */
  ship(parcel: Parcel, signal: AbortSignal): Promise<string | undefined>;
  /** Calls the parcel of an order back. From then on none is taken for it. */
  callBack(orderId: string, signal: AbortSignal): Promise<void>;
}
