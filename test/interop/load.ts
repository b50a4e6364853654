/** Imports packages from where ours takes the place of others'. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';

const loader = inject('loader');

export async function load<Module>(specifier: string): Promise<Module> {
  const { load: loadHere } = await import(pathToFileURL(loader).href);
  return loadHere(specifier);
}

export const require = createRequire(loader);
