/** An address without its user and password, and those as an HTTP header value (RFC 7617). */
export interface SplitAddress {
  readonly url: URL;
  /** The value of an `Authorization` header; `undefined` without a user and password. */
  readonly authorization: string | undefined;
}

/** Removes the user and password from an address. Throws a TypeError when it is not a URL. */
export function splitCredentials(address: string): SplitAddress {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return { url, authorization: undefined };
  url.username = '';
  url.password = '';
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** A text that may be an address, safe to show: everything before the last `@` is removed. */
export function withoutCredentials(address: string): string {
  const end = address.lastIndexOf('@');
  return end < 0 ? address : `…${address.slice(end)}`;
}

/** Keeps a percent sign that does not start an escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
