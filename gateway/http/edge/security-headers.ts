/** What browsers are told about answers. */
export interface SecurityHeaderSettings {
  /** For how long a browser must come back by TLS only (RFC 6797); 0 says nothing. */
  readonly hstsMaxAgeSeconds: number;
}

/** An answer is data: whoever opens it as a page gets one that can do nothing and be framed by nobody. */
const policyOfData = "default-src 'none'; frame-ancestors 'none'";

/** The policy of a page that says in its own text what it loads: what only a header can say. */
export const policyOfPage = "frame-ancestors 'none'";

/** The headers that every answer carries for the sake of browsers; a page may replace the policy. Name, value … */
export function securityHeaders({ hstsMaxAgeSeconds }: SecurityHeaderSettings): readonly string[] {
  const headers = [
    'x-content-type-options',
    'nosniff',
    'content-security-policy',
    policyOfData,
    'referrer-policy',
    'no-referrer',
  ];
  if (hstsMaxAgeSeconds > 0) {
    headers.push('strict-transport-security', `max-age=${hstsMaxAgeSeconds}; includeSubDomains`);
  }
  return headers;
}
