import fc from 'fast-check';

/** Names of members that JavaScript, GraphQL or a parser may have a meaning for. */
const hostileKeys = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  '"valueOf"',
  '"hasOwnProperty"',
  '"then"',
  '"toJSON"',
  '"length"',
  '"query"',
  '"variables"',
  '"id"',
  '"input"',
  '""',
  String.raw`"__proto\u005f_"`,
  String.raw`"\u005f_proto__"`,
  String.raw`"\ud800"`,
];

const hostileLeaves = [
  'null',
  'true',
  '-0',
  '1e400',
  '-1e400',
  '1E-999',
  '9007199254740993',
  '9'.repeat(400),
  `0.${'1'.repeat(400)}`,
  '"__proto__"',
  String.raw`"\ud800"`,
  String.raw`"\udc00\ud800"`,
  String.raw`"\ud83d\ude00"`,
  String.raw`"\u0000"`,
  '"\u2028\u{1f600}"',
  '"\ufffd"',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
];

const nested = fc
  .tuple(fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"__proto__":', '}]']), fc.nat(9_000))
  .map(([[open = '', close = ''], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`);

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => JSON.stringify(value));

/**
 * Any value as the text of JSON (RFC 8259): what no JavaScript value becomes, too, such as a member twice, a number
 * beyond all numbers, or half a character.
 */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    { weight: 3, arbitrary: fc.constantFrom(...hostileLeaves) },
    { weight: 2, arbitrary: text },
    { weight: 2, arbitrary: fc.double().map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: nested },
    {
      weight: 3,
      arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    },
    {
      weight: 5,
      arbitrary: fc
        .array(fc.tuple(fc.oneof(fc.constantFrom(...hostileKeys), text), tie('value')), {
          maxLength: 5,
        })
        .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join()}}`),
    },
  ),
})).value;
