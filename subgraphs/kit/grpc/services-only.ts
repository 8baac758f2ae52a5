import { AppError } from '../../../common/errors.ts';
import {
  serviceIdentityHeader,
  type ServiceIdentityVerifier,
} from '../../../common/service-identity.ts';
import type { Admit } from './handlers.ts';

/** Admits calls with a signed service identity. */
export function servicesOnly(verify: ServiceIdentityVerifier): Admit {
  return ({ header }) => {
    const token = header(serviceIdentityHeader);
    if (token !== undefined && verify(token) !== undefined) return;
    throw new AppError('UNAUTHENTICATED', 'A valid service identity is required.');
  };
}
