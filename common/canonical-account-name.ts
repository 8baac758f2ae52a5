import { domainToASCII } from 'node:url';

/** Longer than the longest account name before normalization: NFKC composes at most four characters into one. */
const maxChars = 4 * 320;

/**
 * The canonical form of an account name: trimmed, NFKC, in lower case, with the domain after the last `@` as in the DNS
 * (`xn--…`, UTS 46). `undefined` for a text that is longer than any name.
 */
export function canonicalAccountName(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > maxChars) return undefined;
  const name = trimmed.normalize('NFKC').trim().toLowerCase();
  const at = name.lastIndexOf('@');
  const domain = at < 0 ? '' : asciiDomain(name.slice(at + 1));
  return domain === '' ? name : `${name.slice(0, at)}@${domain}`;
}

const label = /^[\p{L}\p{M}\p{N}-]+$/u;
const number = /^(?:\d+|0x[\da-f]*)$/;

/** Empty when the text is not a domain. Something that a URL would read as an IPv4 address is not one. */
function asciiDomain(domain: string): string {
  const labels = domain.split('.');
  const isDomain = labels.every((part) => label.test(part)) && !number.test(labels.at(-1) ?? '');
  return isDomain ? domainToASCII(domain) : '';
}
