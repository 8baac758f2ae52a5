import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BatchedWrites } from './batched-writes.ts';

describe('fetching/batched-writes', () => {
  let socket: Writable;
  let written: string[];
  let writes: BatchedWrites;

  beforeEach(() => {
    written = [];
    socket = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        written.push(chunk);
        done();
      },
      writev: (chunks, done) => {
        written.push(chunks.map(({ chunk }) => String(chunk)).join(''));
        done();
      },
    });
    writes = new BatchedWrites(socket);
  });

  it('writes everything from one turn in one piece', async () => {
    writes.batch(() => socket.write('a'));
    await Promise.resolve();
    writes.batch(() => socket.write('b'));
    expect(written).toEqual([]);
    await turn();
    expect(written).toEqual(['ab']);
  });

  it('includes what is deferred to the end of the turn', async () => {
    writes.batch(() => setImmediate(() => ['a', 'b'].forEach((text) => socket.write(text))));
    await turn();
    expect(written).toEqual(['ab']);
  });

  it('starts a new batch in the next turn', async () => {
    writes.batch(() => socket.write('a'));
    await turn();
    writes.batch(() => socket.write('b'));
    await turn();
    expect(written).toEqual(['a', 'b']);
  });

  it('does not write to a socket that was destroyed meanwhile', async () => {
    writes.batch(() => socket.write('a'));
    socket.destroy();
    await turn();
    expect(written).toEqual([]);
  });
});
