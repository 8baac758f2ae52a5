import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { correlationHeader } from '../../common/correlation.ts';
import { costHeader } from '../../engine/apollo/operation-limits.ts';
import { eventually } from '../support/eventually.ts';
import { formats, payloadsOf, useDeferringGateway } from './use-deferring-gateway.ts';

/** As pino numbers levels. */
const errorLevel = 50;

const rating = '{ product(id: "1") { name ... @defer(label: "more") { rating } } }';

describe('streams: @defer', () => {
  const test = useDeferringGateway();
  const answer = async (
    query: string,
    options?: Parameters<typeof test.send>[1],
  ): Promise<readonly unknown[]> => payloadsOf(await test.send(query, options));

  const linesOf = (response: Response): readonly Readonly<Record<string, unknown>>[] => {
    const id = response.headers.get(correlationHeader);
    return test.gateway.log.filter(({ correlationId }) => correlationId === id);
  };

  it('shows curl the first part before a slow subgraph answers, byte for byte', async () => {
    const release = test.graph.hold();
    const curl = spawn('curl', [
      ...['-sN', '--max-time', '60', `${test.gateway.url}/graphql`],
      ...['-H', 'content-type: application/json', '-H', `accept: ${formats.paths}`],
      ...['-d', JSON.stringify({ query: rating })],
    ]);
    const [first] = (await once(curl.stdout, 'data')) as [Buffer];
    expect(String(first)).toBe(
      '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n' +
        '{"data":{"product":{"name":"Chair"}},"hasNext":true}\r\n--graphql',
    );
    release();
    expect(await text(curl.stdout)).toBe(
      '\r\ncontent-type: application/json\r\n\r\n' +
        '{"incremental":[{"data":{"rating":2},"path":["product"],"label":"more"}],"hasNext":false}' +
        '\r\n--graphql--\r\n',
    );
  });

  it('answers in the format of 2023 to a client that accepts it', async () => {
    const response = await test.send(rating, { accept: `${formats.ids}, application/json;q=0.9` });
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed; boundary="graphql"; incrementalSpec=v0.2',
    );
    expect(await payloadsOf(response)).toEqual([
      {
        data: { product: { name: 'Chair' } },
        pending: [{ id: '0', label: 'more', path: ['product'] }],
        hasNext: true,
      },
      {
        incremental: [{ data: { rating: 2 }, id: '0' }],
        completed: [{ id: '0' }],
        hasNext: false,
      },
    ]);
  });

  it('is not stored, not held back and not compressed on the way', async () => {
    const { headers, status } = await test.send(rating, { headers: { 'accept-encoding': 'gzip' } });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      vary: expect.stringContaining('accept') as unknown,
      'content-type': 'multipart/mixed; boundary="graphql"; deferSpec=20220824',
    });
    expect(headers.get('content-encoding')).toBeNull();
  });

  it.each(['application/json', '*/*', 'multipart/mixed, application/json'])(
    'is one answer with everything for a client that accepts %s',
    async (accept) => {
      const response = await test.send(rating, { accept });
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await response.json()).toEqual({ data: { product: { name: 'Chair', rating: 2 } } });
    },
  );

  it('is one answer when there is nothing to deliver later', async () => {
    const none = '{ product(id: "9") { name ... @defer { rating } } }';
    expect(await answer(none)).toEqual([{ data: { product: null } }]);
    const off = '{ product(id: "1") { name ... @defer(if: false) { rating } } }';
    expect(await answer(off)).toEqual([{ data: { product: { name: 'Chair', rating: 2 } } }]);
  });

  it('has a part for each item of a list, and parts in parts', async () => {
    const query = `{
      products { id ...More @defer(label: "more") }
    }
    fragment More on Product { rating maker { id ... @defer(label: "maker") { country } } }`;
    expect(await answer(query)).toEqual([
      { data: { products: [{ id: '1' }, { id: '2' }] }, hasNext: true },
      {
        incremental: [
          {
            data: { rating: 2, maker: { id: 'm1' } },
            path: ['products', 0],
            label: 'more',
          },
          {
            data: { rating: 4, maker: { id: 'm2' } },
            path: ['products', 1],
            label: 'more',
          },
        ],
        hasNext: true,
      },
      {
        incremental: [
          { data: { country: 'NO' }, path: ['products', 0, 'maker'], label: 'maker' },
          { data: { country: 'NO' }, path: ['products', 1, 'maker'], label: 'maker' },
        ],
        hasNext: false,
      },
    ]);
  });

  it.each(Object.entries(formats))(
    'has a part for each of a hundred items of a list, in their order and fetched at once (%s)',
    async (_name, accept) => {
      const calls = test.graph.reviews.calls.length;
      const query = '{ numbered(count: 100) { id ... @defer(label: "more") { rating } } }';
      const [first, ...others] = (await answer(query, { accept })) as {
        readonly data?: unknown;
        readonly pending?: readonly { readonly id: string; readonly path: unknown }[];
        readonly incremental?: readonly {
          readonly data: unknown;
          readonly path?: unknown;
          readonly id?: string;
        }[];
      }[];
      const numbers = Array.from({ length: 100 }, (_each, at) => at);
      expect(first?.data).toEqual({ numbered: numbers.map((at) => ({ id: String(at) })) });
      const pathOf = new Map(first?.pending?.map(({ id, path }) => [id, path]));
      const parts = others.flatMap(({ incremental = [] }) => incremental);
      expect(parts.map(({ data, path, id = '' }) => [path ?? pathOf.get(id), data])).toEqual(
        numbers.map((at) => [['numbered', at], { rating: 2 * at }]),
      );
      expect(test.graph.reviews.calls.length - calls).toBe(1);
    },
  );

  it('has a hundred items in one part, fetched at once', async () => {
    const calls = test.graph.reviews.calls.length;
    const query =
      '{ product(id: "1") { id ... @defer(label: "all") { reviews(count: 100) { text } } } }';
    const [first, rest] = (await answer(query)) as [object, { incremental: { data: object }[] }];
    expect(first).toEqual({ data: { product: { id: '1' } }, hasNext: true });
    expect(rest.incremental).toHaveLength(1);
    const reviews = Array.from({ length: 100 }, () => ({ text: 'sturdy' }));
    expect(rest.incremental[0]?.data).toEqual({ reviews });
    expect(test.graph.reviews.calls.length - calls).toBe(1);
  });

  it('depends on a variable in `if`', async () => {
    const query =
      'query ($d: Boolean! = true) { product(id: "1") { id ... @defer(if: $d) { rating } } }';
    const whole = [{ data: { product: { id: '1', rating: 2 } } }];
    expect(await answer(query)).toHaveLength(2);
    expect(await answer(query, { variables: { d: true } })).toHaveLength(2);
    expect(await answer(query, { variables: { d: false } })).toEqual(whole);
  });

  it('works below the root fields of a mutation', async () => {
    const query = 'mutation { rename(id: "2", name: "Desk") { name ... @defer { rating } } }';
    expect(await answer(query)).toEqual([
      { data: { rename: { name: 'Desk' } }, hasNext: true },
      { incremental: [{ data: { rating: 4 }, path: ['rename'] }], hasNext: false },
    ]);
  });

  it.each(Object.entries(formats))(
    'keeps an error in its part, masked (%s)',
    async (_name, accept) => {
      const query = `{ product(id: "1") {
      name
      ... @defer(label: "nullable") { failing }
      ... @defer(label: "required") { required }
    } }`;
      const [first, ...others] = (await answer(query, { accept })) as {
        errors?: unknown;
        data?: unknown;
        incremental?: { label?: string; id?: string; data: unknown; errors?: unknown }[];
        completed?: { id: string; errors?: unknown }[];
      }[];
      expect(first).toMatchObject({ data: { product: { name: 'Chair' } } });
      expect(first).not.toHaveProperty('errors');
      const errorAt = (field: string): object => ({
        path: ['product', field],
        extensions: { code: 'SUBGRAPH_ERROR' },
      });
      expect(JSON.stringify(others)).not.toContain('No ratings');
      const parts = others.flatMap(({ incremental = [] }) => incremental);
      const completed = others.flatMap((each) => each.completed ?? []);
      expect(parts[0]).toMatchObject({ data: { failing: null }, errors: [errorAt('failing')] });
      if (accept === formats.paths)
        expect(parts[1]).toMatchObject({ data: null, errors: [errorAt('required')] });
      else
        expect(completed).toMatchObject([{ id: '0' }, { id: '1', errors: [errorAt('required')] }]);
    },
  );

  it('says in the part what its viewer may not see', async () => {
    const query = `{ product(id: "1") { name secret ... @defer { rating cost } } }`;
    const withheld = (...path: string[]): object => expect.objectContaining({ path });
    expect(await answer(query)).toEqual([
      {
        data: { product: { name: 'Chair', secret: null } },
        errors: [withheld('product', 'secret')],
        hasNext: true,
      },
      {
        incremental: [
          {
            data: { rating: 2, cost: null },
            errors: [withheld('product', 'cost')],
            path: ['product'],
          },
        ],
        hasNext: false,
      },
    ]);
  });

  it('costs as much as without @defer', async () => {
    const headers = { [costHeader]: '1' };
    const costOf = async (query: string): Promise<unknown> => {
      const [first] = (await answer(query, { headers })) as { extensions?: { cost?: object } }[];
      return first?.extensions?.cost;
    };
    const cost = await costOf(rating);
    expect(cost).toMatchObject({ estimated: expect.any(Number) as unknown });
    expect(cost).toEqual(await costOf('{ product(id: "1") { name rating } }'));
  });

  it('ends what is deferred when the client leaves', async () => {
    const release = test.graph.hold();
    const before = test.graph.reviews.calls.length;
    const leaving = new AbortController();
    const response = await test.send(rating, { signal: leaving.signal });
    await response.body?.getReader().read();
    await eventually(
      () => test.graph.reviews.calls.length,
      (count) => count > before,
    );
    leaving.abort();
    expect(await test.graph.reviews.calls.at(-1)?.ended).toBe('abandoned');
    release();
    const lines = await eventually(
      () => linesOf(response),
      (all) => all.some(({ msg }) => msg === 'the client disconnected'),
    );
    expect(lines.filter(({ level }) => Number(level) >= errorLevel)).toEqual([]);
  });

  it('has one line in the log, when all parts are sent', async () => {
    const response = await test.send(rating);
    await response.text();
    const isAnswer = ({ msg }: Readonly<Record<string, unknown>>): boolean => msg === 'answered';
    const lines = await eventually(
      () => linesOf(response).filter(isAnswer),
      (all) => all.length > 0,
    );
    expect(lines).toHaveLength(1);
  });

  it.each([
    [
      '{ product(id: "1") { ... @defer(label: "a") { rating } ... @defer(label: "a") { id } } }',
      /must be unique/,
    ],
    [
      'query ($l: String) { product(id: "1") { ... @defer(label: $l) { rating } } }',
      /must be a static string/,
    ],
    [
      'mutation { ... @defer { rename(id: "1", name: "x") { id } } }',
      /cannot be used on root mutation type/,
    ],
  ])('is refused where its rules are broken: %s', async (query, message) => {
    const response = await test.send(query, {
      accept: `${formats.ids},application/graphql-response+json`,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(message) as unknown,
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    });
  });
});

describe('streams: the deadline of a request with @defer', () => {
  const test = useDeferringGateway({ settings: { server: { requestTimeoutMs: 1_000 } } });

  it('covers all parts', async () => {
    const release = test.graph.hold();
    const [first, last] = await payloadsOf(await test.send(rating));
    release();
    expect(first).toMatchObject({ data: { product: { name: 'Chair' } } });
    expect(last).toMatchObject({
      incremental: [
        { data: { rating: null }, errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }] },
      ],
      hasNext: false,
    });
  });
});

describe('streams: a response in parts while the gateway stops, or a client does not read', () => {
  const test = useDeferringGateway({ settings: { server: { sendTimeoutMs: 500 } } });

  it('ends the connection of a client that does not read, and what is deferred for it', async () => {
    const release = test.graph.hold();
    const { port } = new URL(test.gateway.url);
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    const parts = ['a', 'b', 'c', 'd'].map(
      (key) => `... @defer { ${key}: reviews(count: 2000) { text(length: 4000) } }`,
    );
    const body = JSON.stringify({ query: `{ product(id: "1") { id ${parts.join(' ')} } }` });
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\naccept: ${formats.ids}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await once(socket, 'data');
    socket.pause();
    release();
    const line = await eventually(
      () => test.gateway.log.find(({ msg }) => msg === 'the client disconnected'),
      (found) => found !== undefined,
    );
    expect(line).toMatchObject({ path: '/graphql' });
    socket.destroy();
  });

  it('completes the parts of a response in flight when the gateway stops', async () => {
    const release = test.graph.hold();
    const response = await test.send(rating);
    const stopped = test.gateway.stop();
    release();
    const payloads = await payloadsOf(response);
    expect(payloads.at(-1)).toMatchObject({ incremental: [{ data: { rating: 2 } }] });
    await stopped;
  });
});
