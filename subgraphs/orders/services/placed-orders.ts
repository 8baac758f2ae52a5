import { LRUCache } from 'lru-cache';
import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import type { NotificationSink } from '../../kit/database/listen.ts';
import type { Changes } from '../../kit/streams/changes.ts';
import { WakeableEvents } from '../../kit/streams/wakeable-events.ts';
import { placedIdIn } from '../data/changes-channel.ts';
import type { OrderRepository } from '../data/repository.ts';
import type { Order } from '../domain/order.ts';

/** What placed orders are followed with. */
export interface PlacedOrdersDependencies {
  readonly orders: Pick<OrderRepository, 'byIds' | 'placedSince'>;
  readonly changes: Pick<Changes, 'hear'>;
  readonly clock: Clock;
}

/** Follows all orders that are placed. */
export interface PlacedOrders {
  /**
   * Each order that is placed from now on, once. A reader that leaves too many of them waiting gets an AppError OVERLOADED;
   * so do all when the connection to the database was lost for so long that too many were placed.
   */
  follow(): Promise<AsyncIterableIterator<Order>>;
}

/** Ids that wait for a reader, and ids that were missed and are made up for. */
const maxWaiting = 1_000;

/** How many orders are read with one statement. */
const readAtOnce = 50;

/** How many ids are remembered, to tell none twice after the connection was lost. */
const maxTold = 20_000;

/** An order is seen at most so long after the time that it says: clocks differ, and its statement takes a while. */
const lateMs = 60_000;

/** Creates the service. Orders that were placed while the connection was lost are looked for when it is back. */
export function createPlacedOrders({
  orders,
  changes,
  clock,
}: PlacedOrdersDependencies): PlacedOrders {
  const readers = new Set<Reader>();
  let hearing: Promise<() => void> | undefined;

  const tellAll = (ids: readonly string[]): void => {
    for (const reader of readers) reader.add(ids);
  };
  const failAll = (error: Error): void => {
    for (const reader of readers) reader.events.fail(error);
  };
  const begin = async (): Promise<() => void> => {
    const hub = new Hub(orders, clock, { tellAll, failAll });
    await hub.rememberLate();
    return changes.hear(hub);
  };
  const leave = (reader: Reader): void => {
    readers.delete(reader);
    if (readers.size > 0) return;
    void hearing?.then(
      (end) => {
        end();
      },
      () => undefined,
    );
    hearing = undefined;
  };

  return {
    async follow() {
      const reader = new Reader(orders, leave);
      readers.add(reader);
      try {
        await (hearing ??= begin());
      } catch (error) {
        leave(reader);
        throw error;
      }
      return reader.events;
    },
  };
}

/** Hears of placed orders, and knows which were told. */
class Hub implements NotificationSink {
  private readonly orders: PlacedOrdersDependencies['orders'];
  private readonly clock: Clock;
  private readonly readers: {
    readonly tellAll: (ids: readonly string[]) => void;
    readonly failAll: (error: Error) => void;
  };
  private readonly told = new LRUCache<string, true>({ max: maxTold });
  /** When the connection was last seen to work. */
  private heardAt: number;

  constructor(orders: Hub['orders'], clock: Clock, readers: Hub['readers']) {
    this.orders = orders;
    this.clock = clock;
    this.readers = readers;
    this.heardAt = clock.now();
  }

  onNotified(payload: string): void {
    this.heardAt = this.clock.now();
    const id = placedIdIn(payload);
    if (id !== undefined) this.tell([id]);
  }

  onMissed(): void {
    this.missed().then(
      (ids) => {
        if (ids.length > maxWaiting) this.readers.failAll(tooMany());
        else this.tell(ids);
      },
      (error: unknown) => {
        this.readers.failAll(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  /** Takes what was placed shortly before as told. */
  async rememberLate(): Promise<void> {
    for (const id of await this.missed()) this.told.set(id, true);
  }

  private async missed(): Promise<readonly string[]> {
    const since = new Date(this.heardAt - lateMs);
    this.heardAt = this.clock.now();
    const ids = await this.orders.placedSince(since, maxTold);
    return ids.filter((id) => !this.told.has(id));
  }

  private tell(ids: readonly string[]): void {
    const untold = ids.filter((id) => !this.told.has(id));
    for (const id of untold) this.told.set(id, true);
    this.readers.tellAll(untold);
  }
}

class Reader {
  readonly events: WakeableEvents<Order>;
  private waiting: string[] = [];

  constructor(orders: PlacedOrdersDependencies['orders'], leave: (reader: Reader) => void) {
    this.events = new WakeableEvents<Order>({
      more: async () => {
        const ids = this.waiting.splice(0, readAtOnce);
        if (this.waiting.length > 0) this.events.wake();
        if (ids.length === 0) return [];
        const found = new Map((await orders.byIds(ids)).map((order) => [order.id, order]));
        return ids.flatMap((id) => found.get(id) ?? []);
      },
      onEnd: () => {
        leave(this);
      },
    });
  }

  add(ids: readonly string[]): void {
    if (this.waiting.length + ids.length > maxWaiting) {
      this.events.fail(tooMany());
      return;
    }
    this.waiting = [...this.waiting, ...ids];
    this.events.wake();
  }
}

function tooMany(): AppError {
  return new AppError(
    'OVERLOADED',
    `More than ${maxWaiting} placed orders wait to be told: subscribe again, and read "orders" for those between.`,
  );
}
