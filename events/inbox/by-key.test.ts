import { describe, expect, it } from '@jest/globals';
import { createByKey } from './by-key.ts';

describe('work by key', () => {
  it('is done one after the other for one key, and side by side for others', async () => {
    const lines = createByKey();
    const seen: string[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const first = lines.run('a', async () => {
      await gate;
      seen.push('first of a');
    });
    const second = lines.run('a', async () => {
      seen.push('second of a');
    });
    await lines.run('b', async () => {
      seen.push('b');
    });
    open();
    await Promise.all([first, second]);
    expect(seen).toEqual(['b', 'first of a', 'second of a']);
  });

  it('goes on after a failure', async () => {
    const lines = createByKey();
    const failing = lines.run('a', () => Promise.reject(new Error('no')));
    const next = lines.run('a', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
