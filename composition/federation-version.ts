import { versionOfPackage } from './package-version.ts';

/** The version of Apollo Federation's composition that is installed. */
export const federationVersion = versionOfPackage('@apollo/composition');
