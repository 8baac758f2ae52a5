/** Texts that JSON, GraphQL or JavaScript may treat in a way of their own. */
const texts = [
  'plain',
  '',
  'null',
  '"quoted" \\ and \\u0041',
  'two\nlines\tand a tab',
  '\u2028\u0000\u001f',
  'Zürich 🏔 日本',
  'lone \ud800 surrogate',
  '__proto__',
  '{"data":null}',
] as const;

const integers = [0, 1, -1, 42, 2 ** 31 - 1, -(2 ** 31), 1_000_000] as const;

const floats = [0, 999.99, -0.5, 1e21, 1e-7, 5, 123_456_789.125] as const;

const jsonTexts = [
  '{"a":{"__typename":"Any","b":[1,[2,null],{"c":true}]},"__proto__":{"polluted":true}}',
  '[]',
  '[{"id":"1"},{"id":"2","nested":{"id":null}}]',
  '"text"',
  '12.5',
  'false',
  '{}',
] as const;

/** A value of a scalar type, chosen by a number. Custom scalars are JSON of any kind, `DateTime` is text. */
export function leafValue(type: string, draw: number): unknown {
  switch (type) {
    case 'Int':
      return integers[draw % integers.length];
    case 'Float':
      return floats[draw % floats.length];
    case 'Boolean':
      return draw % 2 === 0;
    case 'ID':
      return `id ${draw % 1000}`;
    case 'String':
      return texts[draw % texts.length];
    case 'DateTime':
      return new Date(draw * 1000).toISOString();
    default:
      return JSON.parse(jsonTexts[draw % jsonTexts.length] ?? 'null');
  }
}
