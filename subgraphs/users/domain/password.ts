const minLength = 8;
const maxLength = 128;

/** Whether a password may be chosen: 8 to 128 characters, of any kind (NIST SP 800-63B §5.1.1.2). */
export function isAcceptablePassword(password: string): boolean {
  return lengthOf(password) >= minLength && !isTooLongToCheck(password);
}

/** Whether text is longer than any password can be, so that the work of hashing it can be saved. */
export function isTooLongToCheck(password: string): boolean {
  return lengthOf(password) > maxLength;
}

/** The form that is hashed: the same password typed on different keyboards is the same text. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** In characters as people count them, not in the halves of a surrogate pair. */
function lengthOf(password: string): number {
  return Array.from(password).length;
}
