import { EventStreamParser } from '../../engine/fetching/event-stream-parser.ts';

/** A subscription over server-sent events, read by hand. */
export interface OpenStream {
  readonly response: Response;
  /** All events so far. */
  readonly events: { readonly name: string; readonly data: unknown }[];
  /** The bytes so far, as text. */
  text(): string;
  /** Resolves when the response has ended, whatever way. */
  readonly ended: Promise<void>;
  /** Disconnects. */
  leave(): void;
}

/** Opens a subscription by POST. */
export async function openStream(
  url: string,
  query: string,
  { variables, headers }: { variables?: object; headers?: Readonly<Record<string, string>> } = {},
): Promise<OpenStream> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  const events: { readonly name: string; readonly data: unknown }[] = [];
  let text = '';
  const parser = new EventStreamParser(10_000_000, ({ name, data }) => {
    events.push({ name, data: data === '' ? undefined : (JSON.parse(data) as unknown) });
  });
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      parser.push(chunk);
    }
  };
  return {
    response,
    events,
    text: () => text,
    ended: read().catch(() => undefined),
    leave: () => {
      leaving.abort();
    },
  };
}
