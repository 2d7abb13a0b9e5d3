import type { FastifyInstance } from 'fastify';
import type { IdentityOrg } from './identityOrg.js';
import { knownScopes } from './scopes.js';
import type { SigningKey } from './signingKey.js';

/** `/id/keys` (JWKS) and `/.well-known/openid-configuration`: what a validator of JWT-based access tokens needs. */
export function registerDiscoveryRoutes(
  app: FastifyInstance,
  { org, signingKey }: { org: IdentityOrg; signingKey: () => Promise<SigningKey> },
): void {
  app.get('/id/keys', async () => ({ keys: [(await signingKey()).publicJwk] }));

  app.get('/.well-known/openid-configuration', () => ({
    issuer: org.instanceUrl,
    // For guests only: nobody signs in to the local org with a browser.
    authorization_endpoint: `${org.instanceUrl}/services/oauth2/authorize`,
    token_endpoint: `${org.instanceUrl}/services/oauth2/token`,
    revocation_endpoint: `${org.instanceUrl}/services/oauth2/revoke`,
    introspection_endpoint: `${org.instanceUrl}/services/oauth2/introspect`,
    userinfo_endpoint: `${org.instanceUrl}/services/oauth2/userinfo`,
    jwks_uri: `${org.instanceUrl}/id/keys`,
    scopes_supported: knownScopes,
    response_types_supported: ['code_credentials'],
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: [
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'client_credentials',
      'refresh_token',
      'authorization_code',
    ],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }));
}
