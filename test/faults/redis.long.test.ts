import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../common/logger.ts';
import type { RateLimiter } from '../../gateway/rates/rate-limiter.ts';
import { openSharedCounters, type SharedCounters } from '../../gateway/rates/redis-rate-limiter.ts';
import { eventually } from '../support/eventually.ts';
import { redisProgram, type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const withRedis = redisProgram === undefined ? describe.skip : describe;
const unless = redisProgram === undefined ? ': skipped, there is no redis-server here' : '';

const goes = 'rate limits are counted by each gateway separately';
const returns = 'rate limits are counted in Redis again';

/** A Redis that hangs, dies, comes back or cannot be reached delays no request, and is logged once. */
withRedis(`faults/Redis${unless}`, () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let counters: SharedCounters;
  let limiter: RateLimiter;
  let log: string[];

  beforeEach(async () => {
    server = await startRedisServer(String(redisProgram));
    proxy = await startTcpProxy(server);
    log = [];
    await open();
  });
  afterEach(async () => {
    counters.close();
    server.goOn();
    await server.kill();
    await proxy.stop();
  });

  const open = async (): Promise<void> => {
    const destination = {
      write: (line: string) => log.push((JSON.parse(line) as { msg: string }).msg),
    };
    const url = `redis://127.0.0.1:${proxy.port}`;
    counters = await openSharedCounters(url, 'test', createLogger('test', 'info', destination));
    limiter = counters.createRateLimiter({ name: 'any', points: 1_000_000, windowSeconds: 600 });
  };
  /** The shared count so far, including this one; 1 when this process starts counting. */
  const count = async (key = 'key'): Promise<number> =>
    1_000_000 - (await limiter.take(key)).remaining;

  /** Enough requests to take ten minutes, which no test may, if each waited for Redis. */
  const countQuickly = async (): Promise<void> => {
    for (let request = 0; request < 6_000; request += 1) await count(`quick-${request}`);
  };
  const isBack = async (): Promise<void> => {
    await eventually(
      () => log.length,
      (lines) => lines > 1,
    );
    expect(log).toEqual([goes, returns]);
  };

  it('counts in Redis while it is available, and logs nothing', async () => {
    expect([await count(), await count(), await count()]).toEqual([1, 2, 3]);
    expect(log).toEqual([]);
  });

  it('waits for a hanging Redis only a few times; then counts in it again', async () => {
    expect([await count(), await count()]).toEqual([1, 2]);
    await server.hang();
    await countQuickly();
    expect(log).toEqual([goes]);
    server.goOn();
    await isBack();
    expect(await count()).toBeGreaterThanOrEqual(3);
  });

  it('counts locally when Redis dies, and then in the next one', async () => {
    expect([await count(), await count()]).toEqual([1, 2]);
    await server.kill();
    await countQuickly();
    expect(log).toEqual([goes]);
    await server.restart();
    await isBack();
    expect([await count('new'), await count('new')]).toEqual([1, 2]);
  });

  it('replaces a silent connection', async () => {
    expect([await count(), await count()]).toEqual([1, 2]);
    proxy.silence();
    await countQuickly();
    proxy.speak();
    await isBack();
    expect(await count()).toBe(3);
  });

  it('starts while Redis is silent, and uses it when it answers', async () => {
    counters.close();
    proxy.silence();
    await open();
    expect(log).toEqual([goes]);
    expect(await count()).toBe(1);
    proxy.speak();
    await isBack();
  });
});
