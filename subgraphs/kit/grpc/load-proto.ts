import { fileURLToPath } from 'node:url';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';

/**
 * Reads a `.proto` file. Members keep their names, and all are present when a message is read; 64-bit integers are
 * text, as in results from the database, and enums are the names of their values.
 */
export function loadProto(file: URL): PackageDefinition {
  return loadSync(fileURLToPath(file), {
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
}
