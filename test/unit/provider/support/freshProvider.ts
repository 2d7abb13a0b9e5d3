import { providerOf, type Provider } from '../../../../provider/src/lifecycle/providerOf.js';
import { Run } from '../../../../provider/src/run/run.js';

/**
 * The provider's entry as a new provider process sees it.
 *
 * @param configuration the stack's configuration by whole keys, such as `salesforce:username`
 */
export function freshProvider(configuration: Readonly<Record<string, unknown>> = {}): Provider {
  const provider = providerOf(new Run());
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
