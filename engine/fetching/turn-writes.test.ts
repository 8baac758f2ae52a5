import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { TurnWrites } from './turn-writes.ts';

describe('fetching/turn-writes', () => {
  let socket: Writable;
  let written: string[];
  let writes: TurnWrites;

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
    writes = new TurnWrites(socket);
  });

  it('writes in one piece what is gathered in one turn', async () => {
    writes.gather(() => socket.write('a'));
    await Promise.resolve();
    writes.gather(() => socket.write('b'));
    expect(written).toEqual([]);
    await turn();
    expect(written).toEqual(['ab']);
  });

  it('takes along what is put off to the end of the turn', async () => {
    writes.gather(() => setImmediate(() => ['a', 'b'].forEach((text) => socket.write(text))));
    await turn();
    expect(written).toEqual(['ab']);
  });

  it('begins anew with the next turn', async () => {
    writes.gather(() => socket.write('a'));
    await turn();
    writes.gather(() => socket.write('b'));
    await turn();
    expect(written).toEqual(['a', 'b']);
  });

  it('leaves a socket alone that was destroyed meanwhile', async () => {
    writes.gather(() => socket.write('a'));
    socket.destroy();
    await turn();
    expect(written).toEqual([]);
  });
});
