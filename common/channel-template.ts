import { AppError } from './errors.ts';

/** The name of a channel, with places for the values of arguments: `order.{args.id}`. */
export interface ChannelTemplate {
  /** Texts, and between them the names of arguments. */
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

/** The longest name of a channel. Brokers take more, but none needs it. */
export const channelNameMaxLength = 256;
/** The longest value in a name. */
export const channelValueMaxLength = 128;

const place = /\{args\.([_A-Za-z]\w*)\}/;
/** No wildcard of a broker (`*`, `>`, `#`, `?`, `[`), no blank, nothing that has to be escaped. */
const goodText = /^[\w.:/-]*$/;
/** None of the characters that may separate the parts of a name. */
const goodValue = /^[\w+=@~-]+$/;

/** Whether a text may be a part of the name of a channel; the empty one may. */
export function isChannelText(text: string): boolean {
  return goodText.test(text);
}

/** Reads a template. Throws an Error that says what is wrong with it. */
export function readChannelTemplate(template: string): ChannelTemplate {
  if (template.length > channelNameMaxLength) {
    throw new Error(`is longer than ${channelNameMaxLength} characters`);
  }
  const pieces = template.split(place);
  const texts = pieces.filter((_, index) => index % 2 === 0);
  const bad = texts.find((text) => !goodText.test(text));
  if (bad !== undefined) {
    throw new Error(
      `has ${JSON.stringify(bad)}: expected letters, digits, ".", ":", "/", "_" and "-", and places such as {args.id}`,
    );
  }
  if (template === '') throw new Error('is empty');
  return { texts, names: pieces.filter((_, index) => index % 2 === 1) };
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
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (typeof text === 'string' && text.length <= channelValueMaxLength && goodValue.test(text)) {
      return text;
    }
    throw new AppError(
      'BAD_USER_INPUT',
      `The argument "${name}" takes letters, digits, "_", "-", "+", "=", "@" and "~" here, from 1 to ${channelValueMaxLength} of them.`,
    );
  });
  const channel = texts.map((text, index) => text + (filled[index] ?? '')).join('');
  if (channel.length <= channelNameMaxLength) return channel;
  throw new AppError('BAD_USER_INPUT', 'The values of the arguments are too long together.');
}
