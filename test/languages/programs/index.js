const eca = require('./sdk');

const app = 'Agent_Gateway';
const { UAT_URL: instanceUrl, UAT_TOKEN: accessToken, READS } = process.env;
const uat = new eca.Provider('uat', { orgs: { uat: { instanceUrl, accessToken } }, timeoutMinutes: 5 });
const gateway = new eca.ExternalClientAppJwtPolicy('gateway', {
  externalClientApplication: app,
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: eca.JwtSessionTimeoutType.Custom,
  namedUserJwtTimeout: 30,
  allow: [eca.Guard.LockOut],
});
new eca.ExternalClientAppJwtPolicy(
  'gateway-uat',
  { externalClientApplication: app, org: 'uat', isNamedUserJwtEnabled: true, namedUserJwtTimeout: 15 },
  { provider: uat },
);
exports.format = gateway.tokenFormat;
exports.valuesFound = gateway.valuesFound;

if (READS) {
  const { externalClientApplication } = gateway;
  const found = eca.getExternalClientAppJwtPolicyOutput({ externalClientApplication });
  exports.minutes = found.namedUserTokenLifetime.apply((lifetime) => lifetime.maximumMinutes);
  exports.seen = eca.ExternalClientAppJwtPolicy.get('seen', app).tokenFormat;
  exports.apps = eca.listExternalClientAppsOutput().apps;
}
