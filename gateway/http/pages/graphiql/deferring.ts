/**
 * A script to be run before GraphiQL's own, whose fetch it wraps: GraphiQL accepts parts without naming a format, and a
 * client that names none gets one response with everything.
 */
export const deferringScript = `
  (() => {
    const plainFetch = window.fetch.bind(window);
    window.fetch = (input, init = {}) => {
      const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : {}));
      const accept = headers.get('accept') ?? '';
      if (!accept.endsWith('multipart/mixed')) return plainFetch(input, init);
      headers.set('accept', accept + ';deferSpec=20220824');
      return plainFetch(input, { ...init, headers });
    };
  })();
`;
