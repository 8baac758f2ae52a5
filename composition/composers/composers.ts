import { versionOfPackage } from '../package-version.ts';
import type { Composer } from './composer.ts';

/** The names of the composers, the usual one first. */
export const composerNames = ['apollo', 'guild'] as const;

/** One of them. */
export type ComposerName = (typeof composerNames)[number];

const packages: Readonly<Record<ComposerName, string>> = {
  apollo: '@apollo/composition',
  guild: '@theguild/federation-composition',
};

/** The package of a composer. */
export function packageOf(name: ComposerName): string {
  return packages[name];
}

/** Whether the package of a composer is there: The Guild's is only where it was asked for. */
export function isInstalled(name: ComposerName): boolean {
  try {
    versionOfPackage(packages[name]);
    return true;
  } catch {
    return false;
  }
}

/** The package of a composer and its version, without loading it. */
export function composerVersion(name: ComposerName): string {
  return `${packages[name]} ${versionOfPackage(packages[name])}`;
}

/** Loads a composer. That takes half a second, which a composition that is known already saves. */
export async function loadComposer(name: ComposerName): Promise<Composer> {
  switch (name) {
    case 'apollo':
      return (await import('./apollo.ts')).apollo;
    case 'guild':
      return (await import('./guild.ts')).guild;
  }
}
