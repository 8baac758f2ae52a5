import { type GraphQLArgument, type GraphQLInputField, isNonNullType } from 'graphql';
import { matchNames } from './api-rule.ts';
import type { Change } from './change.ts';
import type { CheckCodeName } from './codes.ts';
import { parentCoordinate } from './parent-coordinate.ts';
import { printDefault } from './print-default.ts';
import { inputTypeChange } from './type-change.ts';

type InputValue = GraphQLArgument | GraphQLInputField;

/** The codes and words for input values of one kind. */
export interface InputValueWords {
  /** Such as `argument`. */
  readonly noun: string;
  readonly removed: CheckCodeName;
  readonly added: CheckCodeName;
  readonly requiredAdded: CheckCodeName;
  readonly typeChanged: CheckCodeName;
  readonly typeWidened: CheckCodeName;
  readonly defaultRemoved: CheckCodeName;
  readonly defaultChanged: CheckCodeName;
}

/** Of arguments, of fields and of directives. */
export const argumentWords: InputValueWords = {
  noun: 'argument',
  removed: 'ARGUMENT_REMOVED',
  added: 'ARGUMENT_ADDED',
  requiredAdded: 'REQUIRED_ARGUMENT_ADDED',
  typeChanged: 'ARGUMENT_TYPE_CHANGED',
  typeWidened: 'ARGUMENT_TYPE_WIDENED',
  defaultRemoved: 'ARGUMENT_DEFAULT_REMOVED',
  defaultChanged: 'ARGUMENT_DEFAULT_CHANGED',
};

/** Of the fields of input types. */
export const inputFieldWords: InputValueWords = {
  noun: 'input field',
  removed: 'INPUT_FIELD_REMOVED',
  added: 'INPUT_FIELD_ADDED',
  requiredAdded: 'REQUIRED_INPUT_FIELD_ADDED',
  typeChanged: 'INPUT_FIELD_TYPE_CHANGED',
  typeWidened: 'INPUT_FIELD_TYPE_WIDENED',
  defaultRemoved: 'INPUT_FIELD_DEFAULT_REMOVED',
  defaultChanged: 'INPUT_FIELD_DEFAULT_CHANGED',
};

/** Compares the arguments of a field or directive, or the fields of an input type. */
export function changesOfInputValues(
  before: readonly InputValue[],
  after: readonly InputValue[],
  coordinateOf: (name: string) => string,
  words: InputValueWords,
): readonly Change[] {
  const { removed, added, kept } = matchNames(before, after);
  return [
    ...removed.map(({ name }): Change => ({
      code: words.removed,
      message: `The ${words.noun} ${coordinateOf(name)} was removed.`,
      coordinate: coordinateOf(name),
      in: 'base',
    })),
    ...added.map((value) => additionOf(value, coordinateOf(value.name), words)),
    ...kept.flatMap(([old, next]) => [
      ...typeChanges(old, next, coordinateOf(old.name), words),
      ...defaultChanges(old, next, coordinateOf(old.name), words),
    ]),
  ];
}

function additionOf(value: InputValue, coordinate: string, words: InputValueWords): Change {
  const isRequired = isRequiredInput(value);
  return {
    code: isRequired ? words.requiredAdded : words.added,
    message: isRequired
      ? `The ${words.noun} ${coordinate} of type ${String(value.type)} was added, and must be given.`
      : `The ${words.noun} ${coordinate} was added.`,
    coordinate,
    in: 'head',
  };
}

function typeChanges(
  before: InputValue,
  after: InputValue,
  coordinate: string,
  words: InputValueWords,
): readonly Change[] {
  const change = inputTypeChange(before.type, after.type);
  if (change === 'same') return [];
  // Then those break, too, that leave it out.
  const isRequiredNow = isRequiredInput(after) && !isRequiredInput(before);
  return [
    {
      code: change === 'safe' ? words.typeWidened : words.typeChanged,
      message: `The ${words.noun} ${coordinate} is of type ${String(after.type)}; it was ${String(before.type)}.`,
      coordinate,
      ...(isRequiredNow && { usedAs: parentCoordinate(coordinate) }),
      in: 'head',
    },
  ];
}

function isRequiredInput(value: InputValue): boolean {
  return isNonNullType(value.type) && value.defaultValue === undefined;
}

function defaultChanges(
  before: InputValue,
  after: InputValue,
  coordinate: string,
  words: InputValueWords,
): readonly Change[] {
  const [old, next] = [printDefault(before), printDefault(after)];
  if (old === next) return [];
  const said = `The ${words.noun} ${coordinate}`;
  // Null is allowed now, so requests that omit the value stay valid.
  const isRequiredNow = next === undefined && isNonNullType(after.type);
  if (next === undefined) {
    return [
      {
        code: isRequiredNow ? words.defaultRemoved : words.defaultChanged,
        message: `${said} has no default any more; it was ${String(old)}.`,
        coordinate,
        in: 'head',
      },
    ];
  }
  return [
    {
      code: words.defaultChanged,
      message:
        old === undefined
          ? `${said} has the default ${next}; it had none.`
          : `${said} has the default ${next}; it was ${old}.`,
      coordinate,
      in: 'head',
    },
  ];
}
