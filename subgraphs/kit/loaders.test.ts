import { describe, expect, it, jest } from '@jest/globals';
import { createGroupLoader, createRowLoader } from './loaders.ts';

interface Row {
  readonly id: string;
  readonly owner: string;
}

const rows: readonly Row[] = [
  { id: '1', owner: 'john' },
  { id: '2', owner: 'jane' },
  { id: '3', owner: 'john' },
];

describe('kit/loaders', () => {
  it('fetches all keys of one turn at once, without duplicates', async () => {
    const fetch = fetchBy(({ id }) => id);
    const loader = createRowLoader(fetch, ({ id }) => id);
    const found = await Promise.all(['3', '1', '3'].map((id) => loader.load(id)));
    expect(found).toEqual([rows[2], rows[0], rows[2]]);
    expect(fetch.mock.calls).toEqual([[['3', '1']]]);
  });

  it('loads null for a key without a row', async () => {
    const loader = createRowLoader(
      fetchBy(({ id }) => id),
      ({ id }) => id,
    );
    expect(await Promise.all([loader.load('9'), loader.load('__proto__')])).toEqual([null, null]);
  });

  it('loads all rows of a key in order, and none for a key without rows', async () => {
    const fetch = fetchBy(({ owner }) => owner);
    const loader = createGroupLoader(fetch, ({ owner }) => owner);
    const owners = ['john', 'nobody', 'jane', 'constructor'];
    expect(await Promise.all(owners.map((owner) => loader.load(owner)))).toEqual([
      [rows[0], rows[2]],
      [],
      [rows[1]],
      [],
    ]);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('fetches at most 1000 keys at a time', async () => {
    const fetch = fetchBy(({ id }) => id);
    const loader = createRowLoader(fetch, ({ id }) => id);
    await Promise.all(Array.from({ length: 2_001 }, (_, index) => loader.load(String(index))));
    expect(fetch.mock.calls.map(([keys]) => keys.length)).toEqual([1_000, 1_000, 1]);
  });

  it('rejects every key of a failed fetch', async () => {
    const loader = createRowLoader<Row>(
      () => Promise.reject(new Error('The database is gone.')),
      ({ id }) => id,
    );
    const loads = await Promise.allSettled(['1', '2'].map((id) => loader.load(id)));
    expect(loads.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

function fetchBy(keyOf: (row: Row) => string) {
  return jest.fn((keys: readonly string[]) =>
    Promise.resolve(rows.filter((row) => keys.includes(keyOf(row)))),
  );
}
