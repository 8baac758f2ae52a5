import { canonicalAccountName } from '../../../common/canonical-account-name.ts';

/** The maximum length of an address (RFC 5321 §4.5.3.1.3, without the brackets). */
const maxLength = 254;

const localPart = /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}$/u;
const label = /^(?!-)[a-z\d-]{1,63}(?<!-)$/;
const letter = /[a-z]/;

/** Invisible characters, which would make two addresses look alike. */
const unseen = /\p{Default_Ignorable_Code_Point}/u;

/**
 * The canonical form of an e-mail address (NFKC, lower case, trimmed, the domain in ASCII), or `undefined` for text
 * that is not an address of the form `local@domain.tld`. Quoted local parts, address literals and invisible characters
 * are refused.
 */
export function readEmail(text: string): string | undefined {
  const email = canonicalAccountName(text);
  if (email === undefined || email.length > maxLength || unseen.test(text.trim())) return undefined;
  const at = email.lastIndexOf('@');
  const labels = email.slice(at + 1).split('.');
  const isAddress =
    localPart.test(email.slice(0, Math.max(at, 0))) &&
    labels.length > 1 &&
    labels.every((part) => label.test(part)) &&
    letter.test(labels.at(-1) ?? '');
  return isAddress ? email : undefined;
}
