import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { type Kysely, sql } from 'kysely';
import { remainingTimeHeader } from '../../common/call-headers.ts';
import {
  createIdentitySigner,
  createIdentityVerifier,
  identityHeader,
} from '../../common/identity-token.ts';
import { createLogger } from '../../common/logger.ts';
import { anonymous } from '../../common/viewer.ts';
import { everyone } from '../../subgraphs/kit/access.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import {
  buildExecutableSchema,
  type SubgraphContext,
} from '../../subgraphs/kit/define-subgraph.ts';
import { listen, type ListeningServer } from '../../subgraphs/kit/http-server.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { patienceMs } from '../support/patience.ts';
import { until } from '../support/until.ts';

const key = 'a key of the steps subgraph, 32 bytes long';

/** A subgraph does no work for a response that its client no longer waits for. */
describeOnEachDatabase('kit/time left (threats 62 and 63)', (open, { isPostgres }) => {
  /** Emits `begun` after the first statement of a request, with the function that lets it go on. */
  const steps = new EventEmitter();
  let statements: string[] = [];
  let home: DatabaseHome;
  let server: ListeningServer;

  beforeAll(async () => {
    home = await open(({ sql: text }) => statements.push(text));
    server = await serve(home.connect('steps'));
  });
  afterAll(async () => {
    await server.stop();
    await home.close();
  });
  beforeEach(() => {
    statements = [];
  });

  it('begins no statement of a query whose caller has gone', async () => {
    const caller = new AbortController();
    const asked = ask('{ twoSteps }', { signal: caller.signal }).catch(() => 'gone');
    const goOn = await begun();
    caller.abort();
    expect(await asked).toBe('gone');
    await serverHasSeen();
    await goOn();
    expect(statements).toEqual(['select 1 as step']);
  });

  it('begins no statement of queries that wait behind another on a connection that is lost', async () => {
    const count = 3;
    const body = JSON.stringify({ query: '{ twoSteps }' });
    const { token } = createIdentitySigner('steps', key)(anonymous);
    const request = `POST /graphql HTTP/1.1\r\nhost: steps\r\ncontent-type: application/json\r\n${identityHeader}: ${token}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const goOn: (() => void)[] = [];
    steps.on('begun', (resolve: () => void) => goOn.push(resolve));
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(request.repeat(count));
    await until(() => goOn.length === count);
    steps.removeAllListeners('begun');
    socket.destroy();
    await serverHasSeen();
    let over = 0;
    const onOver = (): void => void (over += 1);
    steps.on('over', onOver);
    for (const resolve of goOn) resolve();
    await until(() => over === count);
    steps.off('over', onOver);
    expect(statements).toEqual(Array.from({ length: count }, () => 'select 1 as step'));
  });

  it('begins no statement of a query when its time is over', async () => {
    const { asked, goOn, timeMs } = await begunInTime('{ twoSteps }');
    await setTimeout(timeMs + 20);
    await goOn();
    expect(await asked).toMatchObject({
      data: { twoSteps: null },
      errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
    });
    expect(statements).toEqual(['select 1 as step']);
  });

  it('finishes a mutation that has begun, though its caller has gone and its time is over', async () => {
    const caller = new AbortController();
    const { asked, goOn, timeMs } = await begunInTime('mutation { twoSteps }', caller.signal);
    caller.abort();
    await asked;
    await setTimeout(timeMs + 20);
    await goOn();
    expect(statements).toEqual(['select 1 as step', 'select 2 as step']);
  });

  it.each(['-1', '1e3', 'soon', '9999999999'])(
    'takes "%s" for no time at all, and answers',
    async (time) => {
      const asked = ask('{ twoSteps }', { headers: { [remainingTimeHeader]: time } });
      await (
        await begun()
      )();
      expect(await asked).toEqual({ data: { twoSteps: 2 } });
    },
  );

  /** The embedded database can neither be interrupted nor limit a statement. */
  const itOnPostgres = isPostgres ? it : it.skip;

  itOnPostgres('has the server end a statement when the time is over', async () => {
    const msToAnswer = async (): Promise<number> => {
      const from = performance.now();
      const answer = await ask('{ sleeps }', { headers: { [remainingTimeHeader]: '200' } });
      expect(answer).toMatchObject({
        data: { sleeps: null },
        errors: [
          { message: 'The response took too long.', extensions: { code: 'SUBGRAPH_TIMEOUT' } },
        ],
      });
      return performance.now() - from;
    };
    // The statement takes longer, each time.
    await eventually(msToAnswer, (ms) => ms < 9_000);
  });

  itOnPostgres('gives the next request on the connection its own time', async () => {
    const timeOf = async (headers = {}) =>
      (await ask('{ statementTimeout }', { headers })).data.statementTimeout;
    expect(await timeOf({ [remainingTimeHeader]: '512' })).toBe('512ms');
    expect(await timeOf({ [remainingTimeHeader]: '60000' })).toBe('10s');
    expect(await timeOf({ [remainingTimeHeader]: '256' })).toBe('256ms');
    expect(await timeOf()).toBe('10s');
  });

  /** Waits for the first step, and gives what lets the second be tried, until it is made or refused. */
  async function begun(): Promise<() => Promise<void>> {
    const within = { signal: AbortSignal.timeout(patienceMs) };
    const [resolve] = (await once(steps, 'begun', within)) as [() => void];
    return async () => {
      const over = once(steps, 'over', within);
      resolve();
      await over;
    };
  }

  /** Asks with little time left; with twice as much when a busy machine has not made the first step in it. */
  async function begunInTime(
    query: string,
    signal = AbortSignal.timeout(patienceMs),
  ): Promise<{ asked: Promise<unknown>; goOn: () => Promise<void>; timeMs: number }> {
    for (let timeMs = 40; timeMs < patienceMs; timeMs *= 2) {
      statements = [];
      const headers = { [remainingTimeHeader]: String(timeMs) };
      const asked = ask(query, { signal, headers }).catch(() => 'gone');
      const goOn = await Promise.race([begun(), asked.then(() => undefined)]);
      if (goOn) return { asked, goOn, timeMs };
    }
    throw new Error('No first step in time.');
  }

  /** A connection that was closed before is known to be closed once a later request is answered. */
  async function serverHasSeen(): Promise<void> {
    for (let time = 0; time < 3; time += 1) await fetch(`${server.url}/healthz`);
  }

  async function ask(
    query: string,
    { signal, headers = {} }: { signal?: AbortSignal; headers?: Record<string, string> } = {},
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever its operation asked for
  ): Promise<any> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [identityHeader]: createIdentitySigner('steps', key)(anonymous).token,
        ...headers,
      },
      body: JSON.stringify({ query }),
      signal: signal ?? AbortSignal.timeout(patienceMs),
    });
    return response.json();
  }

  function serve(database: Kysely<unknown>): Promise<ListeningServer> {
    const step = async (number: number): Promise<number> => {
      const { rows } = await sql<{ step: number }>`select ${sql.lit(number)} as step`.execute(
        database,
      );
      return rows[0]?.step ?? 0;
    };
    const twoSteps = async (): Promise<number> => {
      await step(1);
      await new Promise<void>((resolve) => steps.emit('begun', resolve));
      try {
        return await step(2);
      } finally {
        steps.emit('over');
      }
    };
    const schema = buildExecutableSchema({
      name: 'steps',
      schema: parse(`
        type Query { twoSteps: Int sleeps: Int statementTimeout: String }
        type Mutation { twoSteps: Int }
      `),
      resolvers: {
        Query: {
          twoSteps,
          sleeps: async () => {
            await sql`select pg_sleep(9.5)`.execute(database);
            return 9;
          },
          statementTimeout: async () => {
            const { rows } = await sql<{ statement_timeout: string }>`
              show statement_timeout`.execute(database);
            return rows[0]?.statement_timeout;
          },
        },
        Mutation: { twoSteps },
      },
      access: { fields: { Query: everyone, Mutation: everyone } },
    });
    return listen<SubgraphContext>(
      {
        schema,
        verifyIdentity: createIdentityVerifier('steps', [key]),
        introspection: false,
        context: (request) => request,
        publicRoutes: [],
        askDatabase: () => home.ask(),
        log: createLogger('steps', 'silent'),
      },
      {
        host: '127.0.0.1',
        port: 0,
        portSetting: 'GARDEN_PORT',
        drainDelayMs: 0,
        drainTimeoutMs: 10_000,
      },
    );
  }
});
