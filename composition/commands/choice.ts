import { nearest } from '../../common/nearest.ts';
import { type Given, UsageError } from './command.ts';

/** The value of an option that takes one of some words, or the first of them. Throws a UsageError for another word. */
export function choiceOf<Word extends string>(
  given: Given,
  option: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = given.text(option);
  if (text === undefined) return words[0];
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  const meant = nearest(text, words);
  throw new UsageError(
    `--${option} is one of ${words.join(', ')}; got "${text}"${meant === undefined ? '.' : `; did you mean ${meant}?`}`,
  );
}
