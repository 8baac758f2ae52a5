import { canonicalAccountName } from '../../../common/canonical-account-name.ts';

/** The most characters of an address (RFC 5321 §4.5.3.1.3, without the brackets). */
const maxLength = 254;

const localPart = /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}$/u;
const label = /^(?!-)[a-z\d-]{1,63}(?<!-)$/;
const letter = /[a-z]/;

/** What is not seen: with it, two addresses look like one. */
const unseen = /\p{Default_Ignorable_Code_Point}/u;

/**
 * The one spelling under which an e-mail address is known (NFKC, lower case, no space around it, the domain in ASCII), or
 * `undefined` for text that is not an address of the form `local@domain.tld`. Quoted local parts, address literals and
 * characters that are not seen are not taken.
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
