/** An address without the user and password in it, and these as HTTP sends them (RFC 7617). */
export interface SplitAddress {
  readonly url: URL;
  /** The value of an `Authorization` header; `undefined` where the address names neither. */
  readonly authorization: string | undefined;
}

/** Takes user and password out of an address. Throws a TypeError for what is no URL. */
export function splitCredentials(address: string): SplitAddress {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return { url, authorization: undefined };
  url.username = '';
  url.password = '';
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** What may be an address, to be shown to people: without what stands before an `@`. */
export function withoutCredentials(address: string): string {
  const end = address.lastIndexOf('@');
  return end < 0 ? address : `…${address.slice(end)}`;
}

/** A percent sign that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
