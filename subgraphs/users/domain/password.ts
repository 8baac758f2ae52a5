const minLength = 8;
const maxLength = 128;

/** Whether a password may be chosen: 8 to 128 characters, of any kind (NIST SP 800-63B §5.1.1.2). */
export function isAcceptablePassword(password: string): boolean {
  return lengthOf(password) >= minLength && !isTooLongToCheck(password);
}

/** Whether a text is longer than any password, so that it need not be hashed. */
export function isTooLongToCheck(password: string): boolean {
  return lengthOf(password) > maxLength;
}

/** The form that is hashed: the same password typed on different keyboards is the same text. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** In code points, so that a surrogate pair counts once. */
function lengthOf(password: string): number {
  return Array.from(password).length;
}
