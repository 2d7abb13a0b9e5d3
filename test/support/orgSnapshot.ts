import type { LocalOrg } from 'salesforce-local-org';

/** The component types that an external client app is made of. */
export const appComponentTypes: readonly string[] = [
  'ExternalClientApplication',
  'ExtlClntAppConfigurablePolicies',
  'ExtlClntAppGlobalOauthSettings',
  'ExtlClntAppOauthConfigurablePolicies',
  'ExtlClntAppOauthSettings',
];

/** The component types that a local org keeps. */
const componentTypes = ['ConnectedApp', ...appComponentTypes, 'ProfileSessionSetting', 'Settings'];

/** Every component of an org, its XML by `<type>/<full name>`. */
export type OrgSnapshot = Readonly<Record<string, string>>;

/** The current content of an org. */
export function takeSnapshot(org: LocalOrg): OrgSnapshot {
  return Object.fromEntries(
    componentTypes.flatMap((type) =>
      org.componentNames(type).map((name) => [`${type}/${name}`, org.component(type, name) ?? '']),
    ),
  );
}

/** Resets an org to a snapshot after a test: components and faults. */
export function restoreSnapshot(org: LocalOrg, snapshot: OrgSnapshot): void {
  org.faults.clear();
  const now = takeSnapshot(org);
  for (const [path, xml] of Object.entries(snapshot)) {
    if (now[path] !== xml) org.putComponent(...split(path), xml);
  }
  for (const path of Object.keys(now)) {
    if (!(path in snapshot)) org.removeComponent(...split(path));
  }
}

function split(path: string): [type: string, fullName: string] {
  const [type = '', fullName = ''] = path.split('/');
  return [type, fullName];
}
