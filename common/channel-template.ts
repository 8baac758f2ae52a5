import { AppError } from './errors.ts';

/** A text with places for values, such as the name of a channel with those of arguments: `order.{args.id}`. */
export interface ChannelTemplate {
  /** Texts, and between them the names of values. */
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

/** The longest name of a channel. Brokers take more, but none needs it. */
export const channelNameMaxLength = 256;
/** The longest value in a name. */
const valueMaxLength = 128;

const place = /\{args\.([_A-Za-z]\w*)\}/;
/** No wildcard of a broker (`*`, `>`, `#`, `?`, `[`), no blank, nothing that has to be escaped. */
const goodText = /^[\w.:/-]*$/;
/** None of the characters that may separate the parts of a name. */
const goodValue = /^[\w+=@~-]+$/;

/** Whether a text may be a part of the name of a channel; the empty one may. */
export function isChannelText(text: string): boolean {
  return goodText.test(text);
}

/** Whether a value may be a part of the name of a channel, and can be of one part only. */
export function isChannelValue(value: string): boolean {
  return value.length <= valueMaxLength && goodValue.test(value);
}

/** A value as text, if it is one: also a number, true or false. */
export function textOfValue(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a template, and what stands at the places between them: the first group of `at`. */
export function splitTemplate(template: string, at: RegExp): ChannelTemplate {
  const pieces = template.split(at);
  return {
    texts: pieces.filter((_, index) => index % 2 === 0),
    names: pieces.filter((_, index) => index % 2 === 1),
  };
}

/** Reads a template. Throws an Error that says what is wrong with it. */
export function readChannelTemplate(template: string): ChannelTemplate {
  if (template.length > channelNameMaxLength) {
    throw new Error(`is longer than ${channelNameMaxLength} characters`);
  }
  const split = splitTemplate(template, place);
  const bad = split.texts.find((text) => !isChannelText(text));
  if (bad !== undefined) {
    throw new Error(
      `has ${JSON.stringify(bad)}: expected letters, digits, ".", ":", "/", "_" and "-", and places such as {args.id}`,
    );
  }
  if (template === '') throw new Error('is empty');
  return split;
}

/**
 * The channel for the values of arguments. Throws an AppError BAD_USER_INPUT for a value that could mean another channel,
 * or several.
 */
export function channelFor(
  { texts, names }: ChannelTemplate,
  values: Readonly<Record<string, unknown>>,
): string {
  const filled = names.map((name) => {
    const text = textOfValue(Object.hasOwn(values, name) ? values[name] : undefined);
    if (text !== undefined && isChannelValue(text)) return text;
    throw new AppError(
      'BAD_USER_INPUT',
      `The argument "${name}" takes letters, digits, "_", "-", "+", "=", "@" and "~" here, from 1 to ${valueMaxLength} of them.`,
    );
  });
  const channel = texts.map((text, index) => text + (filled[index] ?? '')).join('');
  if (channel.length <= channelNameMaxLength) return channel;
  throw new AppError('BAD_USER_INPUT', 'The values of the arguments are too long together.');
}
