import { describe, expect, it } from '@jest/globals';
import { BodyBytes } from './body-bytes.ts';

describe('fetching/body bytes', () => {
  it('joins chunks of any size in order', () => {
    const text = 'größer '.repeat(5_000);
    for (const size of [1, 3, 100, 4_096, 10_000, 100_000]) {
      const body = new BodyBytes(1_000_000);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) take(body, bytes.subarray(at, at + size));
      expect(body.toString()).toBe(text);
    }
  });

  it('threat 56: keeps no chunk, so that many small ones cost no more than their bytes', () => {
    const body = new BodyBytes(1_000_000);
    const chunk = Buffer.from('x');
    for (let count = 0; count < 50_000; count += 1) take(body, chunk);
    // The bytes were copied, so changing the chunk later has no effect.
    chunk.fill('y');
    expect(body.toString()).toBe('x'.repeat(50_000));
  });

  it('reports too many bytes', () => {
    const body = new BodyBytes(5);
    take(body, Buffer.from('12345'));
    expect(body.count(Buffer.from('6'))).toBe('sent more than 5 bytes.');
  });

  it('reports too many chunks', () => {
    const body = new BodyBytes(1_000_000);
    const chunk = Buffer.from('x');
    for (let count = 0; count < 100_000; count += 1) take(body, chunk);
    expect(body.count(chunk)).toBe('sent its response in more than 100000 chunks.');
  });

  it('is empty without a chunk', () => {
    expect(new BodyBytes(5).toString()).toBe('');
  });
});

function take(body: BodyBytes, chunk: Buffer): void {
  const problem = body.count(chunk);
  if (problem !== undefined) throw new Error(problem);
  body.add(chunk);
}
