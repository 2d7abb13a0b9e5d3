import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { componentNamesOf, componentXml, putApp, type Elements } from '../support/localApps.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { isFullSize } from '../support/testSize.js';
import { Stage, type CreatedResource } from '../support/stage.js';

const policiesType = 'ExtlClntAppOauthConfigurablePolicies';
const globalType = 'ExtlClntAppGlobalOauthSettings';

/** Every lifetime that an org can hold for one kind of user (Metadata API Developer Guide, 65.0); undefined: no element. */
const lifetimes = [undefined, 'UserSession', ...[1, 5, 10, 15, 30, 60, 90, 120, 240, 480, 720]] as const;
type Lifetime = (typeof lifetimes)[number];

/** The first of them are one of each kind: no element, the session's, minutes. */
const kindCount = 3;

/** For orgs in which it does not matter how many minutes. */
const kindsOfLifetime: readonly Lifetime[] = [undefined, 'UserSession', 15, 720];

const elementsOf = (user: 'namedUser' | 'guest', lifetime: Lifetime): Elements =>
  lifetime === undefined
    ? {}
    : lifetime === 'UserSession'
      ? { [`${user}JwtSessionTimeoutType`]: lifetime, [`${user}JwtTimeout`]: undefined }
      : { [`${user}JwtSessionTimeoutType`]: 'Custom', [`${user}JwtTimeout`]: lifetime };

/** A row of the table: what an app has before, and what the program says; undefined: the program leaves it alone. */
interface Row {
  app: string;
  isJwtBefore: boolean;
  isJwtWanted: boolean | undefined;
  before: Elements;
  wanted: Elements;
}

/**
 * Lifetimes before with lifetimes of the program, for named users and for guests, with JWT off and on before, and off, on and
 * unmanaged by the program. Every lifetime meets one of each kind, before and in the program (in full size: every lifetime).
 */
function everyRow(ofLifetimes: readonly Lifetime[]): Row[] {
  // Another row for guests, so that each app mixes two.
  const lifetimeAt = (index: number): Lifetime => ofLifetimes[index % ofLifetimes.length];
  return [false, true].flatMap((isJwtBefore) =>
    [false, true, undefined].flatMap((isJwtWanted) =>
      ofLifetimes.flatMap((before, i) =>
        ofLifetimes.flatMap((wanted, j): Row[] =>
          !isFullSize && Math.min(i, j) >= kindCount
            ? []
            : [
                {
                  app: `Row_${isJwtBefore ? 'on' : 'off'}_${String(isJwtWanted)}_${i}_${j}`,
                  isJwtBefore,
                  isJwtWanted,
                  before: { ...elementsOf('namedUser', before), ...elementsOf('guest', lifetimeAt(i + 1)) },
                  wanted: { ...elementsOf('namedUser', wanted), ...elementsOf('guest', lifetimeAt(j + 2)) },
                },
              ],
        ),
      ),
    ),
  );
}

/** The checked inputs of the resources of a row: a resource may not declare lifetimes beside JWT off, two may. */
function resourcesOf({ app, isJwtWanted, wanted }: Row): { alone: Bag[]; lifetimesFirst: Bag[] } {
  const format = isJwtWanted === undefined ? {} : { isNamedUserJwtEnabled: isJwtWanted };
  const lifetime = Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const subject = { externalClientApplication: app };
  return isJwtWanted === false
    ? { alone: [{ ...subject, ...format }], lifetimesFirst: [{ ...subject, ...lifetime }] }
    : { alone: [{ ...subject, ...format, ...lifetime }], lifetimesFirst: [] };
}

/** What the program makes of the policies of a row. */
const policiesOf = ({ app, before, wanted }: Row): string =>
  componentXml(policiesType, { ...commonElements(app), ...before, ...wanted });

/**
 * Whether an org that says "Invalid plugin settings" refuses the policies of a row: they would change, JWT is off, and the program
 * does not turn it on.
 */
const isRefused = (row: Row): boolean =>
  !row.isJwtBefore &&
  row.isJwtWanted !== true &&
  policiesOf(row).includes('<namedUserJwtSessionTimeoutType>') &&
  policiesOf(row) !== policiesOf({ ...row, wanted: {} });

const commonElements = (app: string): Elements => ({
  externalClientApplication: app,
  label: app,
  isGuestCodeCredFlowEnabled: false,
  permittedUsersPolicyType: 'AllSelfAuthorized',
});

describeForEachProgram('after up and destroy the files are unchanged', function () {
  this.timeout(300_000);
  let stage: Stage;
  let org: LocalOrg;
  let empty: OrgSnapshot;

  before(async () => {
    stage = await Stage.open({ process: { deadlineMs: 240_000 } });
    org = stage.org;
    empty = takeSnapshot(org);
  });
  afterEach(() => {
    restoreSnapshot(org, empty);
    org.clearRequests();
  });
  after(() => stage.close());

  const filesOf = (app: string): (string | undefined)[] => {
    const { policies, globalSettings } = componentNamesOf(app);
    return [org.component(policiesType, policies), org.component(globalType, globalSettings)];
  };

  for (const [title, mode, ofLifetimes] of [
    ['in an org as it is documented', false, lifetimes],
    ['in an org that refuses lifetimes while JWT is off', true, kindsOfLifetime],
    ['in an org that also wants JWT on before it takes lifetimes', 'strict', kindsOfLifetime],
  ] as const) {
    it(`${title}, for any original values and any program`, async () => {
      const rows = everyRow(ofLifetimes);
      for (const { app, isJwtBefore, before } of rows) {
        putApp(org, app, { globalSettings: { isNamedUserJwtEnabled: isJwtBefore }, policies: before });
      }
      org.faults.refusePluginSettings = mode;
      const snapshot = takeSnapshot(org);
      const created: CreatedResource[] = [];
      const refused: string[] = [];
      const create = async (inputs: Bag): Promise<void> => {
        try {
          created.push({ inputs, ...(await stage.host.create(inputs)) });
        } catch (error) {
          assert(error instanceof ProviderCallError);
          assert.match(error.message, /Invalid plugin settings.*The org was not changed/);
          refused.push(inputs['externalClientApplication'] as string);
        }
      };
      const resources = rows.map(resourcesOf);
      // As dependsOn orders them: lifetimes are written while JWT is still on.
      const alone = resources.flatMap((row) => row.alone);
      const lifetimesFirst = resources.flatMap((row) => row.lifetimesFirst);
      await Promise.all(lifetimesFirst.map(create));
      const isFirst = (_: unknown, index: number): boolean => index < firstCount;
      const firstCount = created.length;
      await Promise.all(alone.map(create));

      const expectedRefusals = rows.filter((row) => mode !== false && isRefused(row)).map(({ app }) => app);
      assert.deepEqual(refused.toSorted(), expectedRefusals.toSorted());
      for (const row of rows) {
        const { app, isJwtBefore, isJwtWanted, wanted } = row;
        const [policies, globalSettings = ''] = filesOf(app);
        assert.equal(policies, policiesOf({ ...row, wanted: refused.includes(app) ? {} : wanted }));
        assert.match(
          globalSettings,
          new RegExp(`Enabled>${String(isJwtWanted ?? isJwtBefore)}</isNamedUserJwt`),
        );
      }

      const deploys = org.deploys.length;
      await Promise.all(
        created.map(async ({ id, inputs, outs }) => {
          assert.equal((await stage.host.diff(id, outs, inputs)).changes, false, id);
          await stage.host.update(id, outs, inputs);
        }),
      );
      assert.equal(org.deploys.length, deploys, 'a run without a difference deployed');

      const destroy = ({ id, outs }: CreatedResource): Promise<void> => stage.host.delete(id, outs);
      await Promise.all(created.filter((resource, index) => !isFirst(resource, index)).map(destroy));
      await Promise.all(created.filter(isFirst).map(destroy));
      const after = takeSnapshot(org);
      const changed = Object.keys(snapshot).filter((path) => after[path] !== snapshot[path]);
      assert.deepEqual(
        changed.map((path) => `${snapshot[path] ?? ''}became\n${after[path] ?? ''}`),
        [],
      );
      assert.deepEqual(Object.keys(after), Object.keys(snapshot));
    });
  }
});
