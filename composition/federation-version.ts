import { createRequire } from 'node:module';
import { z } from 'zod';

const manifest: unknown = createRequire(import.meta.url)('@apollo/composition/package.json');

/** The installed version of Apollo's composition. */
export const federationVersion = z.object({ version: z.string() }).parse(manifest).version;
