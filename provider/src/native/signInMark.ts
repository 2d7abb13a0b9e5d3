import { createHash } from 'node:crypto';
import type { Properties } from '../resourceState.js';
import { inspectAccessToken } from '../signIn/accessToken.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import type { SignInWay } from '../signIn/signInWays.js';
import type { ConfiguredProvider } from './configuredProvider.js';

/** The output that holds the mark: the engine shows none that begins with two underscores. */
export const markOutput = '__signIn';

/** By which sign-in a resource was last read or written; it goes into the outputs, so it holds no credential. */
export interface SignInMark {
  /** The name of the provider resource. */
  readonly provider: string;
  /** A hash of the address, the user and the app of the sign-in. */
  readonly account: string;
}

/** How a provider signs in, and to which organization as far as that can be told without a request. */
export interface OwnSignIn {
  readonly mark: SignInMark;
  readonly organizationId: string | undefined;
}

/**
 * How a provider signs in.
 *
 * @param alias a key of `orgs`; `undefined` for the settings of the provider itself
 * @throws ConfigurationError when nothing to sign in with is configured
 */
export function ownSignIn({ run, name }: ConfiguredProvider, alias: string | undefined): OwnSignIn {
  const way = chooseSignInWay(run.configuration.of(alias));
  const account = createHash('sha256')
    .update(JSON.stringify(accountOf(way)))
    .digest('hex')
    .slice(0, 16);
  return {
    mark: { provider: name, account },
    organizationId:
      way.kind === 'accessToken' ? inspectAccessToken(way.accessToken).organizationId : undefined,
  };
}

/** What tells an org and a user, without credentials, and without what changes when one is renewed. */
function accountOf(way: SignInWay): readonly (string | undefined)[] {
  switch (way.kind) {
    case 'jwtBearer':
      return [way.instanceUrl ?? way.loginUrl, way.clientId, way.username];
    case 'clientCredentials':
      return [way.instanceUrl ?? way.loginUrl, way.clientId];
    case 'accessToken':
      return [way.instanceUrl];
    case 'sfdxAuthUrl':
      return [way.instanceUrl ?? way.loginUrl, way.clientId];
    case 'targetOrg':
      return [way.instanceUrl, way.targetOrg];
  }
}

/** The mark in the outputs of a resource; `undefined` where an earlier release, or the dynamic provider, wrote them. */
export function markIn(outputs: Properties): SignInMark | undefined {
  const mark = outputs[markOutput];
  if (typeof mark !== 'object' || mark === null || !('provider' in mark) || !('account' in mark)) {
    return undefined;
  }
  const { provider, account } = mark;
  return typeof provider === 'string' && typeof account === 'string' ? { provider, account } : undefined;
}
