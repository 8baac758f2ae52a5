import type { Money } from '../../../common/money.ts';

/** The outcome of a charge. */
export type ChargeOutcome =
  /** The money is here, now or since an equal call before. */
  | { readonly kind: 'charged'; readonly reference: string }
  /** There will be none. */
  | { readonly kind: 'declined' }
  /** The order was paid back before: nothing can be charged for it any more. */
  | { readonly kind: 'ended' };

/**
 * The provider that takes the money. Each call may be made again with no other effect: an order is charged once and paid back once,
 * however often and with whatever token it is asked. Calls reject when the provider is away, and may then have had their
 * effect all the same.
 */
export interface PaymentProvider {
  charge(payment: {
    readonly orderId: string;
    readonly amount: Money;
    /** What the provider gave the client. */
    readonly token: string;
  }): Promise<ChargeOutcome>;
  /** Pays back what was charged for an order. From then on nothing can be charged for it. */
  refund(orderId: string): Promise<void>;
}
