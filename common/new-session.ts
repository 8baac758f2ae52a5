/**
 * The member of a response's `extensions` in which a subgraph tells the gateway the access token of a session that its
 * mutation has begun. From then on the request is that account's: what is still to be fetched is asked for in its name.
 */
export const newAccessTokenExtension = 'newAccessToken';
