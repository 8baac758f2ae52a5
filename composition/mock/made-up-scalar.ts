import { between, chance, chosen } from './chance.ts';

/** The field whose value is made up. */
export interface ScalarPlace {
  readonly typeName: string;
  readonly fieldName: string;
  /** The seed of the value: the same text gives the same value. */
  readonly draw: string;
}

/** A value for a scalar that fits its name, and the name of its field: `email` is an address, `price` a price. */
export function madeUpScalar(scalar: string, place: ScalarPlace): unknown {
  const { fieldName, draw } = place;
  switch (scalar) {
    case 'ID':
      return String(between(1, 9999, draw));
    case 'Int':
      return wholeNumber(fieldName, draw);
    case 'Float':
      return between(100, 49_999, draw) / 100;
    case 'Boolean':
      // Otherwise a client that follows pages would never stop.
      return !/^has(Next|Previous)Page$/.test(fieldName) && chance(draw) % 2 === 0;
    case 'String':
      return text(place);
  }
  return byScalarName.find(([pattern]) => pattern.test(scalar))?.[1](draw) ?? text(place);
}

const byScalarName: readonly (readonly [RegExp, (draw: string) => unknown])[] = [
  [/^(DateTime|Timestamp|ISO8601)/i, pointInTime],
  [/^(Local)?Date$/i, (draw) => pointInTime(draw).slice(0, 10)],
  [/^(Local)?Time$/i, (draw) => pointInTime(draw).slice(11, 19)],
  [/^(UUID|GUID)$/i, uuid],
  [/^(URL|URI)$/i, url],
  [/email/i, email],
  [/^(Decimal|BigDecimal|Money)$/i, (draw) => (between(100, 49_999, draw) / 100).toFixed(2)],
  [/^(Long|BigInt|(Non|Positive|Negative|Unsigned).*Int)$/i, (draw) => between(1, 1000, draw)],
  [/^(JSON|Object|Any)/i, (draw) => ({ value: between(1, 1000, draw) })],
];

function wholeNumber(fieldName: string, draw: string): number {
  if (/rating|stars|score/i.test(fieldName)) return between(1, 5, draw);
  if (/year/i.test(fieldName)) return between(1990, 2026, draw);
  if (/count|total|quantity|stock|amount/i.test(fieldName)) return between(0, 100, draw);
  return between(1, 1000, draw);
}

function text({ typeName, fieldName, draw }: ScalarPlace): string {
  const made = byFieldName.find(([pattern]) => pattern.test(fieldName))?.[1](draw);
  if (made !== undefined) return made;
  if (/name$/i.test(fieldName)) return isPerson(typeName) ? personName(draw) : thingName(draw);
  return `${fieldName} ${between(1, 1000, draw)}`;
}

const byFieldName: readonly (readonly [RegExp, (draw: string) => string])[] = [
  [/email/i, email],
  [/(url|uri|link|href|image|avatar)$/i, url],
  [/phone/i, (draw) => `+1 202 555 ${between(100, 199, draw).toString().padStart(4, '0')}`],
  [/(At|Date|Time)$/, pointInTime],
  [/currency/i, (draw) => chosen(['EUR', 'USD', 'GBP'], draw)],
  [/country/i, (draw) => chosen(['DE', 'FR', 'US', 'JP'], draw)],
  [/city/i, (draw) => chosen(['Berlin', 'Lyon', 'Boston', 'Kyoto'], draw)],
  [/(sku|code)$/i, (draw) => `AB-${between(1000, 9999, draw)}`],
  [/cursor$/i, (draw) => Buffer.from(`cursor:${between(1, 1000, draw)}`).toString('base64url')],
  [/title$/i, thingName],
  [/description|text|body|comment|message|content|summary/i, sentence],
  [/first_?name$/i, (draw) => chosen(firstNames, draw)],
  [/last_?name$/i, (draw) => chosen(lastNames, draw)],
];

function isPerson(typeName: string): boolean {
  return /user|person|customer|author|account|member|employee|viewer/i.test(typeName);
}

const firstNames = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Katherine'] as const;
const lastNames = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Johnson'] as const;
const adjectives = ['Quiet', 'Bright', 'Small', 'Sturdy', 'Early', 'Plain'] as const;
const nouns = ['Lamp', 'Table', 'Keyboard', 'Kettle', 'Notebook', 'Chair'] as const;

function personName(draw: string): string {
  return `${chosen(firstNames, draw)} ${chosen(lastNames, `${draw}/last`)}`;
}

function thingName(draw: string): string {
  return `${chosen(adjectives, draw)} ${chosen(nouns, `${draw}/noun`)}`;
}

function sentence(draw: string): string {
  return `A ${thingName(draw).toLowerCase()}, as made up as the rest.`;
}

function email(draw: string): string {
  return `${chosen(firstNames, draw).toLowerCase()}${between(1, 999, `${draw}/number`)}@example.com`;
}

function url(draw: string): string {
  return `https://example.com/${between(1, 9999, draw)}`;
}

const start2025Ms = 1_735_689_600_000;
const yearMs = 31_536_000_000;

function pointInTime(draw: string): string {
  return new Date(start2025Ms + Math.floor((chance(draw) / 2 ** 32) * yearMs)).toISOString();
}

function uuid(draw: string): string {
  const hex = ['a', 'b', 'c', 'd']
    .map((part) => chance(`${draw}/${part}`).toString(16).padStart(8, '0'))
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
