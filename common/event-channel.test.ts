import { describe, expect, it } from '@jest/globals';
import {
  type EventChannelSetting,
  faultsOfEventChannel,
  readEventChannel,
} from './event-channel.ts';

const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/shop/orders',
  type: 'shop.order.placed.v1',
  subject: '7',
  userkey: 'ann@home',
  count: 3,
  data: { secret: true },
};
const order: EventChannelSetting = {
  channel: 'order.{subject}',
  event: { __typename: 'Order', id: '{subject}' },
};

describe('a channel of events', () => {
  it.each<[Partial<EventChannelSetting>, string, object]>([
    [{}, 'order.7', { __typename: 'Order', id: '7' }],
    [{ types: ['shop.order.placed.v1'] }, 'order.7', { __typename: 'Order', id: '7' }],
    [{ types: ['other', 'shop.*'] }, 'order.7', { __typename: 'Order', id: '7' }],
    [{ channel: '{userkey}/{count}' }, 'ann@home/3', { __typename: 'Order', id: '7' }],
    [{ channel: '{type}' }, 'shop.order.placed.v1', { __typename: 'Order', id: '7' }],
    [{ channel: 'of{source}' }, 'of/shop/orders', { __typename: 'Order', id: '7' }],
    [
      { channel: 'all', event: { __typename: 'Change', what: '{type} of {userkey}!' } },
      'all',
      { __typename: 'Change', what: 'shop.order.placed.v1 of ann@home!' },
    ],
  ])('with %j is %s', (setting, channel, payload) => {
    const sent = readEventChannel({ ...order, ...setting })(event);
    expect(sent?.channel).toBe(channel);
    expect(JSON.parse(sent?.text ?? '')).toEqual(payload);
  });

  it.each<[string, Partial<EventChannelSetting>, object]>([
    ['of another type', { types: ['shop.order', 'shop.payment.*'] }, {}],
    ['without the attribute', {}, { subject: undefined }],
    ['without the attribute of a field', { event: { __typename: 'Order', id: '{no}' } }, {}],
    ['with an empty one', {}, { subject: '' }],
    ['with one that could mean another channel', {}, { subject: '7.secret' }],
    ['with one that has a wildcard', {}, { subject: '*' }],
    ['with one that is too long', {}, { subject: 'x'.repeat(129) }],
    ['with one that is an object', {}, { subject: { id: 7 } }],
    ['with an attribute that it only inherits', { channel: '{constructor}' }, {}],
    [
      'whose name is too long',
      { channel: '{subject}.{userkey}.{subject}' },
      { subject: 'x'.repeat(127) },
    ],
  ])('is not for an event %s', (_what, setting, attributes) => {
    expect(readEventChannel({ ...order, ...setting })({ ...event, ...attributes })).toBeUndefined();
  });

  it.each<[string, Partial<EventChannelSetting>, RegExp]>([
    ['place', { channel: 'order.{args.id}' }, /^channel has "order.\{args.id\}": an attribute/],
    ['open place', { channel: 'order.{subject' }, /^channel has .*: an attribute/],
    ['capital', { channel: 'order.{orderKey}' }, /^channel has .*: an attribute/],
    ['character', { channel: 'order *' }, /^channel has "order \*": expected letters/],
    ['empty channel', { channel: '' }, /^channel is empty/],
    ['long channel', { channel: 'x'.repeat(257) }, /^channel is longer than 256/],
    ['place of data', { channel: '{data}' }, /^channel has \{data\}/],
    [
      'place in an event',
      { event: { __typename: 'A', id: '{$.id}' } },
      /^event.id has .*: an attribute/,
    ],
    ['event without type', { event: { id: '{subject}' } }, /^event needs __typename/],
    ['field', { event: { __typename: 'A', 'a b': 'x' } }, /^event.a b is not the name/],
    [
      'hidden field',
      { event: JSON.parse('{"__typename":"A","__proto__":"x"}') as Record<string, string> },
      /^event.__proto__ is not/,
    ],
    ['type', { types: ['shop.*.v1'] }, /^types.0 takes a type, or the beginning/],
  ])('with a wrong %s has a fault', (_what, setting, fault) => {
    const faults = faultsOfEventChannel({ ...order, ...setting });
    expect(faults.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
      expect.stringMatching(fault),
    ]);
  });

  it('without faults has none', () => {
    expect(faultsOfEventChannel({ ...order, types: ['*', 'a', 'b.*'] })).toEqual([]);
  });
});
