import type { FastifyInstance } from 'fastify';
import type { SigningKey } from './accessTokens.js';
import type { IdentityOrg } from './identityOrg.js';
import { oauthScope } from './scopes.js';

/** `/id/keys` (JWKS) and `/.well-known/openid-configuration`: what a validator of JWT-based access tokens needs. */
export function registerDiscoveryRoutes(
  app: FastifyInstance,
  { org, signingKey }: { org: IdentityOrg; signingKey: Promise<SigningKey> },
): void {
  app.get('/id/keys', async () => ({ keys: [(await signingKey).publicJwk] }));

  // No authorization endpoint: nobody signs in to the local org with a browser.
  app.get('/.well-known/openid-configuration', () => ({
    issuer: org.instanceUrl,
    token_endpoint: `${org.instanceUrl}/services/oauth2/token`,
    revocation_endpoint: `${org.instanceUrl}/services/oauth2/revoke`,
    introspection_endpoint: `${org.instanceUrl}/services/oauth2/introspect`,
    userinfo_endpoint: `${org.instanceUrl}/services/oauth2/userinfo`,
    jwks_uri: `${org.instanceUrl}/id/keys`,
    scopes_supported: [...new Set(org.apps().flatMap(({ scopes }) => scopes.map(oauthScope)))].sort(),
    grant_types_supported: [
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'client_credentials',
      'refresh_token',
    ],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }));
}
