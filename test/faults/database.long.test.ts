import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { anonymous } from '../../common/viewer.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';
import { timedPool } from '../../subgraphs/kit/database/timed-pool.ts';
import { eventually } from '../support/eventually.ts';
import { patienceMs } from '../support/patience.ts';
import {
  type PostgresCluster,
  postgresPrograms,
  startPostgresCluster,
} from '../support/postgres-cluster.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const onOwnServer = postgresPrograms === undefined ? describe.skip : describe;
const unless =
  postgresPrograms === undefined ? ': skipped, there is no PostgreSQL server here' : '';

/** The pool and the process survive a database that restarts, breaks connections or does not answer. */
onOwnServer(`faults/the database${unless}`, () => {
  let cluster: PostgresCluster;

  beforeAll(async () => {
    cluster = await startPostgresCluster(String(postgresPrograms));
  });
  afterAll(() => cluster.remove());

  describe('a subgraph under load', () => {
    let subgraph: StartedProcess;
    let proxy: TcpProxy;
    let url: string;

    beforeAll(async () => {
      proxy = await startTcpProxy(cluster);
      subgraph = startProcess(
        'subgraphs/products/main.ts',
        {
          DATABASE_URL: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
          PRODUCTS_PORT: '0',
        },
        { settings: { database: { connectTimeoutMs: 4_000, statementTimeoutMs: 4_000 } } },
      );
      [, url = ''] = await subgraph.waitFor(/"url":"(http[^"]+)"/);
    });
    afterAll(async () => {
      await subgraph.end('SIGKILL');
      await proxy.stop();
    });

    it.each(['fast', 'immediate'] as const)(
      'answers with an error code while the database restarts (%s), and normally when it is back',
      async (mode) => {
        const load = askAllTheTime(8);
        try {
          await eventually(load.answers, ({ well = 0 }) => well > 20);
          await cluster.stop(mode);
          await eventually(load.answers, ({ DATABASE_UNAVAILABLE: refused = 0 }) => refused > 5);
          await cluster.start();
          const { well: before = 0 } = load.answers();
          await eventually(load.answers, ({ well = 0 }) => well > before + 20);
        } finally {
          await load.stop();
        }
        expect(Object.keys(load.answers()).sort()).toEqual(['DATABASE_UNAVAILABLE', 'well']);
        expect(await ask()).toBe('well');
        expect(subgraph.child.exitCode).toBeNull();
      },
    );

    it('is not ready while the database is gone, but alive, and ready when it is back', async () => {
      const statuses = async (): Promise<readonly number[]> => {
        const paths = ['/healthz', '/readyz'];
        return Promise.all(paths.map(async (path) => (await fetch(url + path)).status));
      };
      await eventually(statuses, ([, ready]) => ready === 200);
      await cluster.stop('fast');
      expect(await eventually(statuses, ([, ready]) => ready === 503)).toEqual([200, 503]);
      await cluster.start();
      expect(await eventually(statuses, ([, ready]) => ready === 200)).toEqual([200, 200]);
    });

    it('stops within the database timeouts when the database does not answer, with requests in flight', async () => {
      expect(await ask()).toBe('well');
      proxy.silence();
      const silent = ask();
      await eventually(
        () => fetch(`${url}/readyz`).then(({ status }) => status),
        (status) => status === 503,
      );
      const ended = subgraph.end('SIGTERM');
      expect(['DATABASE_UNAVAILABLE', 'OVERLOADED']).toContain(await silent);
      expect(await ended).toBe(0);
      expect(subgraph.output()).not.toContain('Stopping took over');
    });

    /** This many clients that send one request after the other; counts each kind of response. */
    function askAllTheTime(clients: number) {
      const answers: Record<string, number> = {};
      let isOver = false;
      const client = async (): Promise<void> => {
        while (!isOver) {
          const answer = await ask();
          answers[answer] = (answers[answer] ?? 0) + 1;
        }
      };
      const all = Promise.all(Array.from({ length: clients }, client));
      return {
        answers: () => answers,
        stop: async () => {
          isOver = true;
          await all;
        },
      };
    }

    /** `well`, or the code of the error. */
    async function ask(): Promise<string> {
      const sign = createIdentitySigner('products', developmentIdentityKey('products'));
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [identityHeader]: sign(anonymous).token },
        body: '{"query":"{ catalog(first: 3) { nodes { name } } }"}',
        signal: AbortSignal.timeout(patienceMs),
      });
      const { errors } = (await response.json()) as {
        errors?: readonly { extensions: { code: string } }[];
      };
      return errors?.[0]?.extensions.code ?? 'well';
    }
  });

  describe('a pool behind a broken path', () => {
    let proxy: TcpProxy;
    let home: DatabaseHome;
    let lost: string[];
    let whenLost: () => void;

    beforeEach(async () => {
      lost = [];
      whenLost = () => undefined;
      proxy = await startTcpProxy(cluster);
      home = await open();
    });
    afterEach(async () => {
      await home.close().catch(() => undefined);
      await proxy.stop();
    });

    it('fails statements in flight on a connection that is reset, and replaces it', async () => {
      await home.close();
      home = await open(30_000);
      const sleeping = ['a', 'b'].map(() => codeOf(statement('select pg_sleep(25)')));
      await eventually(proxy.connections, (count) => count >= 2);
      proxy.reset();
      expect(await Promise.all(sleeping)).toEqual(['DATABASE_UNAVAILABLE', 'DATABASE_UNAVAILABLE']);
      expect(await codeOf(statement('select 1'))).toBe('none');
      expect(lost).not.toEqual([]);
    });

    it('closes a silent connection, and all others like it, so that the next statement is answered', async () => {
      await Promise.all(['a', 'b', 'c'].map(() => statement('select pg_sleep(0.1)')));
      proxy.silence();
      const silent = codeOf(statement('select 1'));
      proxy.speak();
      expect(await silent).toBe('DATABASE_UNAVAILABLE');
      expect(lost).toEqual(['the database did not answer for 2000 ms']);
      // Two more connections are idle and silent; none of these waits for them.
      const next = await Promise.all(['a', 'b', 'c'].map(() => codeOf(statement('select 1'))));
      expect(next).toEqual(['none', 'none', 'none']);
      expect(lost).toHaveLength(1);
    });

    it('aborts the whole transaction when the database is silent', async () => {
      const database = home.connect('public');
      const changed = database.transaction().execute(async (transaction) => {
        await sql`select 1`.execute(transaction);
        proxy.silence();
        await sql`select 2`.execute(transaction);
      });
      expect(await codeOf(changed)).toBe('DATABASE_UNAVAILABLE');
    });

    it('detects a connection that the server ends between two statements, before its socket is closed', async () => {
      const database = home.connect('public');
      const next = new Promise((resolve) => {
        const transaction = database.transaction().execute(async (open) => {
          const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(open);
          whenLost = () => {
            resolve(codeOf(sql`select 1`.execute(open)));
          };
          await statement(`select pg_terminate_backend(${String(rows[0]?.pid)})`);
          await next;
        });
        transaction.catch(() => undefined);
      });
      expect(await next).toBe('DATABASE_UNAVAILABLE');
      expect(await codeOf(statement('select 1'))).toBe('none');
    });

    it('detects a connection that breaks while it is being established', async () => {
      const pool = new pg.Pool({ connectionString: cluster.url, max: 1 });
      const timed = timedPool(pool, { maxMs: 5_000, onSilence: () => undefined });
      pool.on('error', () => undefined);
      let isToBreak = true;
      pool.on('connect', (client) => {
        // As when the server's last message arrives in one packet with its first ones.
        const { connection } = client as unknown as pg.Client;
        if (isToBreak) process.nextTick(() => connection.emit('error', new Error('ended')));
        isToBreak = false;
      });
      const ask = async (): Promise<void> => {
        const connection = await timed.connect();
        try {
          await connection.query('select 1', []);
        } finally {
          connection.release();
        }
      };
      expect(await codeOf(ask())).toBe('DATABASE_UNAVAILABLE');
      expect(await codeOf(ask())).toBe('none');
      await pool.end();
    });

    it('reports an overload when no connection becomes free in time', async () => {
      proxy.silence();
      // Three wait for new connections, the fourth for one of those.
      const all = await Promise.all(['a', 'b', 'c', 'd'].map(() => codeOf(statement('select 1'))));
      expect(new Set(all)).toEqual(new Set(['DATABASE_UNAVAILABLE', 'OVERLOADED']));
    });

    it('ends within the connection timeout, even when the database does not close its end', async () => {
      await statement('select 1');
      proxy.silence();
      // Without a deadline this would not end, nor would the test.
      await home.close();
    });

    function open(statementTimeoutMs = 1_000): Promise<DatabaseHome> {
      return openPostgres({
        url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
        poolMax: 3,
        connectTimeoutMs: 2_000,
        statementTimeoutMs,
        onConnectionLost: ({ message }) => {
          lost.push(message);
          whenLost();
        },
      });
    }

    async function statement(text: string): Promise<void> {
      await sql.raw(text).execute(home.connect('public'));
    }
  });
});

/** The code of the error, if it fails. */
function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'none',
    (error: unknown) => (error as { code?: unknown }).code,
  );
}
