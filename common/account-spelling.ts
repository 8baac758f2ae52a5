import { domainToASCII } from 'node:url';

/** More characters than the longest account name has before it is normalised: NFKC composes four into one at most. */
const maxChars = 4 * 320;

/**
 * The one spelling of what names an account, whatever its form: no space around it, NFKC, lower case, and behind the
 * last `@` a domain as the DNS has it (`xn--…`, UTS 46), where it is one. `undefined` for what is longer than any name.
 */
export function accountSpelling(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > maxChars) return undefined;
  const name = trimmed.normalize('NFKC').trim().toLowerCase();
  const at = name.lastIndexOf('@');
  const domain = at < 0 ? '' : asciiDomain(name.slice(at + 1));
  return domain === '' ? name : `${name.slice(0, at)}@${domain}`;
}

const label = /^[\p{L}\p{M}\p{N}-]+$/u;
const number = /^(?:\d+|0x[\da-f]*)$/;

/** Empty for what is no domain. What a URL would read as an IPv4 address is none. */
function asciiDomain(domain: string): string {
  const labels = domain.split('.');
  const isDomain = labels.every((part) => label.test(part)) && !number.test(labels.at(-1) ?? '');
  return isDomain ? domainToASCII(domain) : '';
}
