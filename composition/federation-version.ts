import { createRequire } from 'node:module';
import { z } from 'zod';

const manifest: unknown = createRequire(import.meta.url)('@apollo/composition/package.json');

/** The version of Apollo Federation's composition that is installed. */
export const federationVersion = z.object({ version: z.string() }).parse(manifest).version;
