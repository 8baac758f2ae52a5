import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { inMultipart, multipartType } from './multipart.ts';

async function* texts(...all: readonly string[]): AsyncGenerator<string> {
  for (const each of all) {
    await Promise.resolve();
    yield each;
  }
}

async function piecesOf(parts: AsyncIterable<string>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of parts) pieces.push(piece);
  return pieces;
}

describe('parts in multipart/mixed', () => {
  it('has the delimiter behind each part, in the same piece', async () => {
    expect(await piecesOf(inMultipart(texts('{"data":1}', '{"data":"🙂"}')))).toEqual([
      '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{"data":1}\r\n--graphql',
      '\r\ncontent-type: application/json\r\n\r\n{"data":"🙂"}\r\n--graphql',
      '--\r\n',
    ]);
  });

  it('is complete without any part', async () => {
    expect(await piecesOf(inMultipart(texts()))).toEqual(['\r\n--graphql--\r\n']);
  });

  it('can be read as a stream', async () => {
    const read = await text(Readable.from(inMultipart(texts('{}'))));
    expect(read).toBe(
      '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql--\r\n',
    );
  });

  it('takes a text only when one is asked for', async () => {
    let taken = 0;
    const source: AsyncIterator<string> = {
      next: () => Promise.resolve({ done: false, value: String((taken += 1)) }),
    };
    const parts = inMultipart({ [Symbol.asyncIterator]: () => source })[Symbol.asyncIterator]();
    await parts.next();
    expect(taken).toBe(1);
  });

  it('ends the texts while it waits for one', async () => {
    let isEnded = false;
    const quiet: AsyncIterator<string> = {
      next: () => new Promise(() => undefined),
      return: () => {
        isEnded = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    const stream = Readable.from(inMultipart({ [Symbol.asyncIterator]: () => quiet }));
    stream.resume();
    await new Promise((resolve) => setImmediate(resolve));
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(isEnded).toBe(true);
    const left = inMultipart({ [Symbol.asyncIterator]: () => quiet })[Symbol.asyncIterator]();
    await left.return?.();
    expect(await left.next()).toEqual({ done: true, value: undefined });
  });

  it('names its format in its type', () => {
    expect(multipartType('deferSpec=20220824')).toBe(
      'multipart/mixed; boundary="graphql"; deferSpec=20220824',
    );
  });
});
