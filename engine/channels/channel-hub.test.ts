import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ChannelHub, type HubReader } from './channel-hub.ts';
import { type ChannelReader, type EventChannels, LocalChannels } from './event-channels.ts';

/** Notes what it is told. */
function readerOf(told: string[]): HubReader {
  return {
    message: (text) => told.push(text),
    live: () => told.push('live'),
    lost: () => told.push('lost'),
    failed: (problem) => told.push(`failed: ${problem}`),
  };
}

const times = { openMs: 50, reconnectMs: 50 };

describe('a hub of channels', () => {
  it('opens a channel once, says when it is open, and closes it with the last reader', async () => {
    const channels = new LocalChannels();
    const hub = new ChannelHub(channels, times);
    const [one, other]: [string[], string[]] = [[], []];
    const leaveOne = hub.join('a', readerOf(one));
    await pause(5);
    const leaveOther = hub.join('a', readerOf(other));
    expect(other).toEqual([]);
    await pause(5);
    channels.publish('a', { id: 1 });
    leaveOne();
    channels.publish('a', { id: 2 });
    expect(channels.size).toBe(1);
    leaveOther();
    leaveOther();
    expect(channels.size).toBe(0);
    channels.publish('a', { id: 3 });
    expect([one, other]).toEqual([
      ['live', '{"id":1}'],
      ['live', '{"id":1}', '{"id":2}'],
    ]);
  });

  it.each<[string, EventChannels['open'], RegExp]>([
    ['that never opens', () => new Promise(() => undefined), /within 50 ms$/],
    ['that is refused', () => Promise.reject(new Error('No.')), /: No[.]$/],
    [
      'of a source that throws',
      () => {
        throw new Error('No.');
      },
      /: No[.]$/,
    ],
  ])(
    'fails the readers of a channel %s, and tries again for the next',
    async (_what, open, reason) => {
      let opened = 0;
      const hub = new ChannelHub(
        {
          open: (...given) => {
            opened += 1;
            return open(...given);
          },
        },
        times,
      );
      const told: string[] = [];
      const leave = hub.join('a', readerOf(told));
      hub.join('a', readerOf(told));
      await pause(80);
      expect(told).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)]);
      leave();
      hub.join('a', readerOf([]));
      expect(opened).toBe(2);
      await pause(80);
    },
  );

  it('closes a channel that opens when its readers have left', async () => {
    let isClosed = false;
    const open = async () => {
      await pause(10);
      return { close: () => (isClosed = true) };
    };
    new ChannelHub({ open }, times).join('a', readerOf([]))();
    await pause(30);
    expect(isClosed).toBe(true);
  });

  it('says that a channel is lost, and that it is back, or fails it after a while', async () => {
    let source: ChannelReader | undefined;
    const open: EventChannels['open'] = (_channel, reader) => {
      source = reader;
      return Promise.resolve({ close: () => undefined });
    };
    const told: string[] = [];
    new ChannelHub({ open }, times).join('a', readerOf(told));
    await pause(5);
    source?.lost();
    await pause(20);
    source?.restored();
    await pause(60);
    source?.lost();
    await pause(80);
    source?.message('late');
    expect(told).toEqual(['live', 'lost', 'live', 'lost', 'failed: was lost for 50 ms']);
  });
});
