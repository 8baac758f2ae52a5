import { LRUCache } from 'lru-cache';
import {
  orderCancelledV1,
  orderDeliveredV1,
  orderPlacedV2,
  orderRefundedV1,
  orderRejectedV1,
  paymentProcessedV1,
  shippingStartedV1,
} from '../../contracts/order-events.ts';
import { type EventHandler, on } from '../define-consumer.ts';

/** A message to a customer. */
export interface Notice {
  readonly eventId: string;
  readonly userId: string;
  readonly orderId: string;
  readonly subject: string;
  /** Paragraphs of one sentence each. */
  readonly paragraphs: readonly string[];
}

/** The kinds of events of which something went wrong or money was returned. */
const critical: ReadonlySet<string> = new Set(
  [orderCancelledV1, orderRefundedV1, orderRejectedV1].map(({ name }) => name),
);

/** Handlers that notify the customer of each event of which something went wrong or money was returned. */
export function tellOfCritical<TContext>(
  send: (notice: Notice, context: TContext) => Promise<void>,
): readonly EventHandler<TContext>[] {
  return tell(send).filter(({ name }) => critical.has(name));
}

/** Handlers that notify the customer of each relevant event. */
export function tell<TContext>(
  send: (notice: Notice, context: TContext) => Promise<void>,
): readonly EventHandler<TContext>[] {
  const of = (
    {
      id,
      userkey,
      orderkey,
    }: { readonly id: string; readonly userkey: string; readonly orderkey: string },
    subject: string,
    paragraphs: readonly string[],
  ): Notice => ({
    eventId: id,
    userId: userkey,
    orderId: orderkey,
    subject,
    paragraphs,
  });

  return [
    on(orderPlacedV2, (event, context: TContext) => {
      const { orderId, totals, items } = event.data;
      return send(
        of(event, `Order ${orderId}: thank you`, [
          `We have your order ${orderId} over ${amount(totals.totalMinor, totals.currency)}.`,
          ...items.map(({ sku, quantity }) => `${quantity} × ${sku}`),
        ]),
        context,
      );
    }),
    on(paymentProcessedV1, (event, context: TContext) => {
      const { orderId, amountMinor, currency } = event.data;
      return send(
        of(event, `Order ${orderId}: paid`, [
          `We have received ${amount(amountMinor, currency)} for your order ${orderId}.`,
        ]),
        context,
      );
    }),
    on(shippingStartedV1, (event, context: TContext) => {
      const { orderId } = event.data;
      return send(
        of(event, `Order ${orderId}: on its way`, [`Your order ${orderId} is on its way.`]),
        context,
      );
    }),
    on(orderDeliveredV1, (event, context: TContext) => {
      const { orderId } = event.data;
      return send(
        of(event, `Order ${orderId}: delivered`, [`Your order ${orderId} has arrived.`]),
        context,
      );
    }),
    on(orderCancelledV1, (event, context: TContext) => {
      const { orderId, reason } = event.data;
      return send(
        of(event, `Order ${orderId}: cancelled`, [`Your order ${orderId} is cancelled.`, reason]),
        context,
      );
    }),
    on(orderRefundedV1, (event, context: TContext) => {
      const { orderId, amountMinor, currency, reason } = event.data;
      return send(
        of(event, `Order ${orderId}: refunded`, [
          `${amount(amountMinor, currency)} of your order ${orderId} go back to you.`,
          reason,
        ]),
        context,
      );
    }),
    on(orderRejectedV1, (event, context: TContext) => {
      const { orderId, reason } = event.data;
      return send(
        of(event, `Order ${orderId}: not possible`, [
          `We cannot carry out your order ${orderId}.`,
          reason,
        ]),
        context,
      );
    }),
  ];
}

/** Formats an amount in minor units; the number of decimals depends on the currency. */
export function amount(minor: number, currency: string): string {
  const format = formatOf(currency);
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** One for each currency: making a format takes far longer than using it. */
const formats = new LRUCache<string, Intl.NumberFormat>({ max: 200 });

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const made = new Intl.NumberFormat('en-GB', { style: 'currency', currency });
  formats.set(currency, made);
  return made;
}
