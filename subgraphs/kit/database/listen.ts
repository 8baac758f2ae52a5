/** Hears what transactions notify (PostgreSQL's `NOTIFY`) once they have committed. */
export interface NotificationSink {
  onNotified(payload: string): void;
  /** Notifications may have been missed: the connection was lost, and is back. */
  onMissed(): void;
}

/** A channel that is listened to. */
export interface Listening {
  close(): Promise<void>;
}

/** Listens to a channel. What is notified after it has resolved is heard, or said to be missed. */
export type Listen = (channel: string, sink: NotificationSink) => Promise<Listening>;
