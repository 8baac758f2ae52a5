import type { Money } from '../../../common/money.ts';

/** The outcome of a charge. */
export type ChargeOutcome =
  /** The order is charged, by this call or an earlier one. */
  | { readonly kind: 'charged'; readonly reference: string }
  /** The charge was refused for good. */
  | { readonly kind: 'declined' }
  /** The order was refunded earlier: it can no longer be charged. */
  | { readonly kind: 'ended' };

/**
 * The payment provider. Each call is idempotent: an order is charged once and refunded once,
 * however often and with whatever token it is requested. Calls reject when the provider is unavailable, and may still have taken
 * effect.
 */
export interface PaymentProvider {
  charge(payment: {
    readonly orderId: string;
    readonly amount: Money;
    /** The token from the provider. */
    readonly token: string;
  }): Promise<ChargeOutcome>;
  /** Refunds an order. From then on it cannot be charged. */
  refund(orderId: string): Promise<void>;
}
