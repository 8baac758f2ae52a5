/** The most characters of an address (RFC 5321 §4.5.3.1.3, without the brackets). */
const maxLength = 254;

const localPart = /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}$/u;
const label = /^(?!-)[\p{L}\p{M}\p{N}-]{1,63}(?<!-)$/u;

/**
 * The one spelling under which an e-mail address is known (NFKC, lower case, no space around it), or `undefined` for
 * text that is not an address of the form `local@domain.tld`. Quoted local parts and address literals are not taken.
 */
export function readEmail(text: string): string | undefined {
  const email = text.trim().normalize('NFKC').toLowerCase();
  if (email.length > maxLength) return undefined;
  const at = email.lastIndexOf('@');
  const labels = email.slice(at + 1).split('.');
  const isAddress =
    localPart.test(email.slice(0, Math.max(at, 0))) &&
    labels.length > 1 &&
    labels.every((part) => label.test(part));
  return isAddress ? email : undefined;
}
