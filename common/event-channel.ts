import {
  channelNameMaxLength,
  type ChannelTemplate,
  isChannelText,
  isChannelValue,
  splitTemplate,
  textOfValue,
} from './channel-template.ts';

/** What a settings file says about a channel of events: which events of a bus it has, and as what. */
export interface EventChannelSetting {
  /** The name, with places for attributes of the event: `order.{subject}`. */
  readonly channel: string;
  /** What is sent there: `{ __typename: 'Order', id: '{subject}' }`. */
  readonly event: Readonly<Record<string, string>>;
  /** The types of events, exactly or by their beginning: `shop.order.*`. All without it. */
  readonly types?: readonly string[] | undefined;
}

/** The attributes of an event (CloudEvents 1.0 §3), those of extensions too, and whatever else it has. */
export type EventAttributes = Readonly<Record<string, unknown>>;

/** An event as a channel has it. */
export interface ChannelEvent {
  readonly channel: string;
  /** JSON. */
  readonly text: string;
}

/** Says what an event is in a channel; undefined for an event that is not for it. */
export type EventChannel = (event: EventAttributes) => ChannelEvent | undefined;

/** A part of a setting that is wrong. The message is the rest of a sentence. */
export interface EventChannelFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The longest text of an event in the settings, and the most fields. */
const textMaxLength = 256;
const fieldsMax = 20;

/** The names of attributes have lower-case letters and digits (CloudEvents 1.0 §3). */
const place = /\{([a-z\d]{1,64})\}/;
const typePattern = /^[^\s*]+\*?$|^\*$/;
const fieldName = /^(?:__typename|(?!__)[_A-Za-z]\w*)$/;

/** Producers write these in their code, and their usual form has parts: `shop.order.placed.v1`, `/shop/orders`. */
const namesOfParts = new Set(['type', 'source']);
const separators = /[.:/]/g;

/** Lists what is wrong with the setting of a channel. */
export function faultsOfEventChannel(setting: EventChannelSetting): readonly EventChannelFault[] {
  const faults: EventChannelFault[] = [];
  const check = (path: EventChannelFault['path'], read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      faults.push({ path, message: (error as Error).message });
    }
  };
  check(['channel'], () => channelTemplateOf(setting.channel));
  const fields = Object.entries(setting.event);
  if (!Object.hasOwn(setting.event, '__typename')) {
    faults.push({ path: ['event'], message: 'needs __typename, the type of what is sent' });
  }
  if (fields.length > fieldsMax) {
    faults.push({ path: ['event'], message: `takes at most ${fieldsMax} fields` });
  }
  for (const [name, text] of fields) {
    if (!fieldName.test(name)) {
      faults.push({ path: ['event', name], message: 'is not the name of a field' });
    }
    check(['event', name], () => templateOf(text, textMaxLength));
  }
  for (const [index, type] of (setting.types ?? []).entries()) {
    if (typePattern.test(type)) continue;
    const message = `takes a type, or the beginning of types with * after it, not ${JSON.stringify(type)}`;
    faults.push({ path: ['types', index], message });
  }
  return faults;
}

/** Reads a setting without faults. Throws an Error for another. */
export function readEventChannel({ channel, event, types }: EventChannelSetting): EventChannel {
  const name = channelTemplateOf(channel);
  const fields = Object.entries(event).map(
    ([field, text]) => [field, templateOf(text, textMaxLength)] as const,
  );
  const isOfType = types && matcherOf(types);
  return (attributes) => {
    if (isOfType && !isOfType(attributes.type)) return undefined;
    const filledName = filled(name, attributes, isGoodInChannel);
    if (filledName === undefined || filledName.length > channelNameMaxLength) return undefined;
    const payload: Record<string, string> = {};
    for (const [field, template] of fields) {
      const value = filled(template, attributes, () => true);
      if (value === undefined) return undefined;
      payload[field] = value;
    }
    return { channel: filledName, text: JSON.stringify(payload) };
  };
}

/** Whether one of the patterns is the type, or its beginning. */
function matcherOf(types: readonly string[]): (type: unknown) => boolean {
  const whole = new Set(types.filter((type) => !type.endsWith('*')));
  const beginnings = types.filter((type) => type.endsWith('*')).map((type) => type.slice(0, -1));
  return (type) =>
    typeof type === 'string' &&
    (whole.has(type) || beginnings.some((beginning) => type.startsWith(beginning)));
}

function channelTemplateOf(text: string): ChannelTemplate {
  const template = templateOf(text, channelNameMaxLength);
  const bad = template.texts.find((each) => !isChannelText(each));
  if (bad === undefined) return template;
  throw new Error(
    `has ${JSON.stringify(bad)}: expected letters, digits, ".", ":", "/", "_" and "-", and attributes such as {subject}`,
  );
}

function templateOf(text: string, maxLength: number): ChannelTemplate {
  if (text === '') throw new Error('is empty');
  if (text.length > maxLength) throw new Error(`is longer than ${maxLength} characters`);
  const split = splitTemplate(text, place);
  const bad = split.texts.find((each) => /[{}]/.test(each));
  if (bad !== undefined) {
    throw new Error(
      `has ${JSON.stringify(bad)}: an attribute of the event is written as {subject}, in lower-case letters and digits`,
    );
  }
  if (split.names.includes('data'))
    throw new Error('has {data}, which is no attribute of an event');
  return split;
}

/** Undefined when the event lacks an attribute, or has one that may not be there. */
function filled(
  { texts, names }: ChannelTemplate,
  attributes: EventAttributes,
  isGood: (name: string, value: string) => boolean,
): string | undefined {
  let all = texts[0] ?? '';
  for (const [index, name] of names.entries()) {
    const text = textOfValue(Object.hasOwn(attributes, name) ? attributes[name] : undefined);
    if (text === undefined || text === '' || !isGood(name, text)) return undefined;
    all += text + (texts[index + 1] ?? '');
  }
  return all;
}

function isGoodInChannel(name: string, value: string): boolean {
  return isChannelValue(namesOfParts.has(name) ? value.replaceAll(separators, '-') : value);
}
