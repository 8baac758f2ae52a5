import { AppError } from '../../common/errors.ts';
import type { Authenticate } from './authenticate.ts';

/** Authenticates, and refuses anonymous requests with UNAUTHENTICATED. */
export function requireViewer(authenticate: Authenticate): Authenticate {
  return async (authorization) => {
    const viewer = await authenticate(authorization);
    if (viewer.kind !== 'anonymous') return viewer;
    throw new AppError('UNAUTHENTICATED', 'Expected an access token, but none was sent.', {
      cause: new Error('no credentials'),
    });
  };
}
