import { isPlainLine } from '../../../common/is-plain-line.ts';

const maxLength = 100;

/**
 * The canonical form of a name that others see (NFC, trimmed), or `undefined` for text that is not 1 to 100 characters,
 * has no letter or digit, or contains characters that would disturb the text around it.
 */
export function readName(text: string): string | undefined {
  const name = text.trim().normalize('NFC');
  return Array.from(name).length <= maxLength && isPlainLine(name) ? name : undefined;
}
