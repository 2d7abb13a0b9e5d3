import { componentType } from './components/types.js';
import type { LocalOrg, LocalOrgUser } from './localOrg.js';
import type { DeployerKey } from './org/deployerKey.js';
import type { OrgState } from './org/orgState.js';
import { deployerApp } from './org/seed.js';
import { setupPath } from './setup/page.js';
import { childText, parseXml } from './xml.js';

/**
 * An org for the code that started it. If the state is kept, its changes are durable when a call returns.
 * @param users with the access tokens that come with the org
 * @param certificateFile for clients to trust, where the org speaks https
 */
export function localOrgOf(
  state: OrgState,
  users: readonly LocalOrgUser[],
  key: DeployerKey,
  certificateFile: string | undefined,
): LocalOrg {
  const developer = users.find(({ role }) => role === 'developer');
  if (!developer) throw new Error('The org has no developer.');
  const [deployer] = state.store.componentsOfApp(
    'ExtlClntAppGlobalOauthSettings',
    state.store.nameOf('ExternalClientApplication', deployerApp),
  );
  const deployerClientId = (deployer && childText(parseXml(deployer.xml), 'consumerKey')) ?? '';
  const administrator = state.userOfRole('subscriberAdmin');
  return {
    name: state.name,
    get instanceUrl() {
      return state.instanceUrl;
    },
    get setupPageUrl() {
      return state.instanceUrl + setupPath;
    },
    organizationId: state.organizationId,
    namespace: state.store.namespace,
    username: developer.username,
    accessToken: developer.accessToken,
    password: state.password,
    controlToken: state.controlToken,
    clientId: deployerClientId,
    privateKey: key.privateKey,
    privateKeyFile: key.privateKeyFile,
    certificateFile,
    users,
    issueRefreshToken(username = developer.username, clientId = deployerClientId) {
      const user = users.find((candidate) => candidate.username === username);
      if (!user) {
        const names = users.map((candidate) => candidate.username).join(', ');
        throw new Error(`There is no user '${username}'; there are: ${names}.`);
      }
      const token = state.identity.issueRefreshToken(user.userId, clientId);
      state.kept.flush();
      return token;
    },
    requests: state.requests.all,
    clearRequests() {
      state.requests.clear();
    },
    onRequest: (listener) => state.requests.onAdded(listener),
    component(type, fullName) {
      state.settle();
      return state.store.get(type, fullName)?.xml;
    },
    componentNames(type) {
      state.settle();
      const known = componentType(type);
      return known ? state.store.list(known.name).map(({ fullName }) => fullName) : [];
    },
    putComponent(type, fullName, xml) {
      state.settle();
      const { userId, displayName } = administrator;
      state.store.put(type, fullName, xml, { userId, userName: displayName, at: state.clock.now() });
      state.kept.flush();
    },
    removeComponent(type, fullName) {
      state.settle();
      state.store.remove(type, fullName, state.clock.now());
      state.kept.flush();
    },
    get deploys() {
      state.settle();
      return state.deployJobs.records();
    },
    now: () => state.clock.now(),
    advanceClock(milliseconds) {
      state.clock.advance(milliseconds);
      state.kept.flush();
    },
    faults: state.faults,
  };
}
