import { openStream, type Stream, type Transport } from './open-stream.ts';

/** What this process is asked: to open streams, to wait for an event at all of them, or to close them. */
export type ClientsRequest =
  | { readonly open: number; readonly transport: Transport; readonly port: number }
  | { readonly expect: string }
  | 'close';

/** When that was done, in milliseconds since the Unix epoch. */
export interface ClientsReply {
  readonly atMs: number;
}

const openingAtOnce = 50;

let streams: Stream[] = [];

async function handle(request: ClientsRequest): Promise<void> {
  if (request === 'close') {
    for (const stream of streams) stream.close();
    streams = [];
  } else if ('open' in request) {
    while (streams.length < request.open) {
      const count = Math.min(openingAtOnce, request.open - streams.length);
      const opened = Array.from({ length: count }, () =>
        openStream(request.transport, request.port),
      );
      streams.push(...(await Promise.all(opened)));
    }
  } else {
    await Promise.all(streams.map((stream) => stream.see(`"${request.expect}"`)));
  }
  if (process.connected)
    process.send?.({ atMs: performance.timeOrigin + performance.now() } satisfies ClientsReply);
}

process.on('message', (request: ClientsRequest) => {
  handle(request).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
