/**
 * The member of a response's `extensions` in which a subgraph returns the access token of a session that its mutation
 * started. The rest of the request is then fetched as that session's user.
 */
export const newAccessTokenExtension = 'newAccessToken';
