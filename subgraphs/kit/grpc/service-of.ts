import type { ServiceDefinition } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';

/** The service with that full name in a package. */
export function serviceOf(definition: PackageDefinition, name: string): ServiceDefinition {
  const service = definition[name];
  // A message or an enum has a format; a service has methods.
  if (!service || 'format' in service) throw new Error(`The package has no service ${name}.`);
  return service;
}
