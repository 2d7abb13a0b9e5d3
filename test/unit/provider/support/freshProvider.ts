import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type * as Provider from '../../../../provider/src/provider.js';

const requireHere = createRequire(__filename);
const entry = requireHere.resolve('../../../../provider/src/provider.js');
const sources = dirname(entry) + sep;

/**
 * The provider's entry as a new provider process sees it: what it remembers of a run is kept in its modules.
 *
 * @param configuration the stack's configuration by whole keys, such as `salesforce:username`
 */
export function freshProvider(configuration: Readonly<Record<string, unknown>> = {}): typeof Provider {
  for (const path of Object.keys(requireHere.cache)) {
    if (path.startsWith(sources)) {
      Reflect.deleteProperty(requireHere.cache, path);
    }
  }
  const provider = requireHere(join(sources, 'provider.js')) as typeof Provider;
  provider.configure({ config: { get: (key) => configuration[key] } });
  return provider;
}

const ownVariable = /^(?:SALESFORCE_|SF_)/;

/** Takes the variables that the provider reads out of the environment; the function that is returned puts them back. */
export function withoutSalesforceEnvironment(): () => void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env).filter((key) => ownVariable.test(key))) {
    Reflect.deleteProperty(process.env, name);
  }
  return () => {
    for (const name of Object.keys(process.env).filter((key) => ownVariable.test(key))) {
      Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, before);
  };
}
