import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';
import { jwtTimeouts } from '../../provider/src/policy/fields.js';
import { acceptedTimeouts } from '../../policy-pack/src/declaredSettings.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { AnalyzerProcess, levelOf, type Level, type Violation } from '../support/analyzerProcess.js';
import { unknownValue, type Bag } from '../support/dynamicProviderProcess.js';
import { nativePolicyType, policyType, policyUrn } from '../support/policyProgram.js';

const lifetime = 'external-client-app-named-user-token-lifetime';
const guestLifetime = 'external-client-app-guest-token-lifetime';
const jwtRequired = 'external-client-app-jwt-required';
const userSessionForbidden = 'external-client-app-user-session-forbidden';
const declared = 'external-client-app-token-settings-declared';
const benchmark = 'sbs-dep-006-token-lifetime';
const benchmarkDeclared = 'sbs-dep-006-token-lifetime-declared';
const all = [
  lifetime,
  guestLifetime,
  jwtRequired,
  userSessionForbidden,
  declared,
  benchmark,
  benchmarkDeclared,
];

const app = 'Agent_Gateway';
/** Checked inputs as the provider returns them: a timeout has its type. */
const custom = (minutes: number): Bag => ({
  externalClientApplication: app,
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: minutes,
});
const userSession: Bag = {
  externalClientApplication: app,
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: 'UserSession',
};
const guestCustom = (minutes: number): Bag => ({
  externalClientApplication: app,
  guestJwtSessionTimeoutType: 'Custom',
  guestJwtTimeout: minutes,
});
const guestUserSession: Bag = {
  externalClientApplication: app,
  guestJwtSessionTimeoutType: 'UserSession',
};
/** A secret as it travels in a bag. */
const secret = (value: number): Bag => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value,
});

describe('the policy pack', () => {
  let analyzer: AnalyzerProcess;
  before(async () => {
    analyzer = await AnalyzerProcess.start(join(repositoryFolder, 'policy-pack'));
  });
  after(() => analyzer.dispose());

  /** Turns on only these policies, with these settings. */
  const only = (policies: Readonly<Record<string, Bag>>, level: Level = 'mandatory'): Promise<void> =>
    analyzer.configure(
      Object.fromEntries(
        all.map((name) => {
          const settings = policies[name];
          return [
            name,
            settings === undefined ? { enforcementLevel: 'disabled' } : { enforcementLevel: level, settings },
          ];
        }),
      ),
    );
  const analyze = (properties: Bag): Promise<Violation[]> =>
    analyzer.analyze({ name: 'gateway', properties });
  /** The one message, without the policy's description in its first line. */
  const messageOf = (violations: readonly Violation[]): string => {
    assert.equal(violations.length, 1, JSON.stringify(violations, null, 2));
    return violations[0]!.message.split('\n').slice(1).join('\n');
  };

  it('has the same resource type and lifetimes as the provider', () => {
    assert.equal(ExternalClientAppJwtPolicy.__pulumiType, policyType);
    assert.deepEqual(acceptedTimeouts, jwtTimeouts);
  });

  it('lists its policies, their levels and their settings', async () => {
    const info = await analyzer.info();
    assert.equal(info.getName(), 'salesforce-external-client-apps');
    assert.equal(info.getVersion(), '0.1.0');
    const lifetimeSettings = [
      'exemptApps',
      'maximumMinutes',
      'userSessionMinutes',
      'userSessionMinutesByOrg',
    ];
    assert.deepEqual(
      info
        .getPoliciesList()
        .map((policy) => [
          policy.getName(),
          levelOf(policy.getEnforcementlevel()),
          Object.keys(policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}).sort(),
        ]),
      [
        [lifetime, 'advisory', lifetimeSettings],
        [guestLifetime, 'advisory', lifetimeSettings],
        [jwtRequired, 'advisory', ['exemptApps']],
        [userSessionForbidden, 'disabled', ['exemptApps']],
        [declared, 'advisory', ['exemptApps']],
        [
          benchmark,
          'disabled',
          ['exemptApps', 'salesforceCliApps', 'userSessionMinutes', 'userSessionMinutesByOrg'],
        ],
        [benchmarkDeclared, 'disabled', ['exemptApps', 'salesforceCliApps']],
      ],
    );
    const framework = info
      .getPoliciesList()
      .find((policy) => policy.getName() === benchmark)
      ?.getFramework();
    assert.equal(framework?.getReference(), 'SBS-DEP-006');
  });

  it('ignores resources of other types', async () => {
    await only(Object.fromEntries(all.map((name) => [name, {}])));
    const bucket = { name: 'bucket', type: 'aws:s3/bucket:Bucket', properties: { ...userSession } };
    assert.deepEqual(await analyzer.analyze(bucket), []);
    assert.deepEqual(await analyzer.analyzeStack([bucket]), []);
  });

  describe('maximum lifetime', () => {
    const cases: readonly {
      it: string;
      policy: string;
      settings?: Bag;
      properties: Bag;
      message?: RegExp;
    }[] = [
      {
        it: 'is 60 minutes for named users by default',
        policy: lifetime,
        properties: custom(90),
        message:
          /^Agent_Gateway: namedUserJwtTimeout is 90 minutes; at most 60 are allowed for tokens of named users\. Set namedUserJwtTimeout to 1, 5, 10, 15, 30 or 60 \(minutes\)\.$/,
      },
      { it: 'allows the maximum itself', policy: lifetime, properties: custom(60) },
      {
        it: 'is the configured value',
        policy: lifetime,
        settings: { maximumMinutes: 10 },
        properties: custom(15),
        message:
          /at most 10 are allowed for tokens of named users\. Set namedUserJwtTimeout to 1, 5 or 10 \(minutes\)/,
      },
      {
        it: 'allows the configured value',
        policy: lifetime,
        settings: { maximumMinutes: 720 },
        properties: custom(720),
      },
      {
        it: 'checks a secret value',
        policy: lifetime,
        properties: { ...custom(1), namedUserJwtTimeout: secret(240) },
        message: /namedUserJwtTimeout is 240 minutes/,
      },
      {
        it: 'counts UserSession as 1440 minutes',
        policy: lifetime,
        settings: { maximumMinutes: 720 },
        properties: userSession,
        message:
          /^Agent_Gateway: namedUserJwtSessionTimeoutType is UserSession, which counts as 1440 minutes: .*; the maximum is 720\. Set namedUserJwtTimeout to .*720 \(minutes\) and leave namedUserJwtSessionTimeoutType out\. If all users .* set userSessionMinutes/,
      },
      {
        it: "counts UserSession as the org's configured value",
        policy: lifetime,
        settings: { maximumMinutes: 60, userSessionMinutes: 120 },
        properties: userSession,
        message: /counts as 120 minutes: .*; the maximum is 60/,
      },
      {
        it: "allows UserSession when the org's value is within the maximum",
        policy: lifetime,
        settings: { maximumMinutes: 120, userSessionMinutes: 120 },
        properties: userSession,
      },
      {
        it: "counts UserSession as the value of the resource's org",
        policy: lifetime,
        settings: { maximumMinutes: 60, userSessionMinutes: 30, userSessionMinutesByOrg: { uat: 480 } },
        properties: { ...userSession, org: 'uat' },
        message: /counts as 480 minutes/,
      },
      {
        it: 'counts UserSession as the general value in an org without its own',
        policy: lifetime,
        settings: { maximumMinutes: 60, userSessionMinutes: 30, userSessionMinutesByOrg: { uat: 480 } },
        properties: { ...userSession, org: 'prod' },
      },
      {
        it: 'does not need the org if all have the same value',
        policy: lifetime,
        properties: { ...userSession, org: unknownValue },
        message: /counts as 1440 minutes/,
      },
      {
        it: 'ignores exempt apps',
        policy: lifetime,
        settings: { exemptApps: ['Other', app] },
        properties: custom(720),
      },
      {
        it: 'does not exempt an app whose name only starts with an exempt one',
        policy: lifetime,
        settings: { exemptApps: ['Agent', 'Agent_Gateway_2'] },
        properties: custom(720),
        message: /720 minutes/,
      },
      { it: 'of named users does not apply to guests', policy: lifetime, properties: guestCustom(720) },
      {
        it: 'is 60 minutes for guests by default',
        policy: guestLifetime,
        properties: guestCustom(240),
        message:
          /^Agent_Gateway: guestJwtTimeout is 240 minutes; at most 60 are allowed for tokens of guests\. Set guestJwtTimeout to/,
      },
      {
        it: 'is separate for guests',
        policy: guestLifetime,
        settings: { maximumMinutes: 5 },
        properties: { ...custom(720), ...guestCustom(5) },
      },
      {
        it: 'counts UserSession as 1440 minutes for guests',
        policy: guestLifetime,
        properties: guestUserSession,
        message:
          /guestJwtSessionTimeoutType is UserSession, which counts as 1440 minutes: .*; the maximum is 60/,
      },
    ];
    for (const { it: title, policy, settings, properties, message } of cases) {
      it(title, async () => {
        await only({ [policy]: settings ?? {} });
        const violations = await analyze(properties);
        if (message === undefined) assert.deepEqual(violations, []);
        else assert.match(messageOf(violations), message);
      });
    }
  });

  it('reports at the configured level', async () => {
    for (const level of ['advisory', 'mandatory'] satisfies Level[]) {
      await only({ [lifetime]: {} }, level);
      assert.deepEqual(
        (await analyze(custom(90))).map(({ policy, level: reported }) => [policy, reported]),
        [[lifetime, level]],
      );
    }
  });

  it('reports what it cannot check in a preview, as a notice that blocks nothing', async () => {
    await only({ [lifetime]: {} });
    const unknown = { ...custom(1), namedUserJwtTimeout: unknownValue };
    const [violation, ...others] = await analyze(unknown);
    assert.deepEqual(others, []);
    assert.equal(violation?.level, 'advisory');
    assert.match(
      violation.message,
      /can't run policy 'external-client-app-named-user-token-lifetime' .* during preview: .*\.namedUserJwtTimeout can't be known/,
    );
    await only({ [jwtRequired]: {} });
    assert.deepEqual(await analyze(unknown), []);
  });

  it('refuses what it cannot read, such as secrets of a state file that is analyzed offline', async () => {
    const redacted = '[secret]';
    const named = { ...custom(1), namedUserJwtTimeout: redacted };
    for (const policy of [lifetime, benchmark, userSessionForbidden]) {
      await only({ [policy]: {} });
      for (const properties of [named, { ...custom(1), namedUserJwtSessionTimeoutType: redacted }]) {
        assert.match(
          messageOf(await analyze(properties)),
          /^Agent_Gateway: namedUserJwtSessionTimeoutType or namedUserJwtTimeout cannot be read here/,
        );
      }
    }
    await only({ [jwtRequired]: {} });
    assert.match(
      messageOf(await analyze({ ...custom(1), isNamedUserJwtEnabled: redacted })),
      /^Agent_Gateway: isNamedUserJwtEnabled cannot be read here/,
    );
  });

  it('requires JWT-based tokens if a resource turns them off', async () => {
    await only({ [jwtRequired]: {} });
    const off = { externalClientApplication: app, isNamedUserJwtEnabled: false };
    assert.match(
      messageOf(await analyze(off)),
      /^Agent_Gateway: isNamedUserJwtEnabled is false, so the app issues opaque access tokens\. Set it to true\.$/,
    );
    assert.deepEqual(await analyze(custom(30)), []);
    assert.deepEqual(await analyze(guestCustom(30)), []);
    await only({ [jwtRequired]: { exemptApps: [app] } });
    assert.deepEqual(await analyze(off), []);
  });

  it('forbids UserSession for each kind of user, for any session timeout of the org', async () => {
    await only({ [userSessionForbidden]: {} });
    assert.match(messageOf(await analyze(userSession)), /namedUserJwtSessionTimeoutType is UserSession/);
    assert.match(
      messageOf(await analyze(guestUserSession)),
      /guestJwtSessionTimeoutType is UserSession.*Set guestJwtTimeout/,
    );
    assert.equal((await analyze({ ...userSession, ...guestUserSession })).length, 2);
    assert.deepEqual(await analyze(custom(720)), []);
    await only({ [userSessionForbidden]: { exemptApps: [app] } });
    assert.deepEqual(await analyze(userSession), []);
  });

  it('reports what no resource of the stack declares, at the first resource of the app', async () => {
    await only({ [declared]: {} });
    const jwt = { externalClientApplication: app, isNamedUserJwtEnabled: true };
    const timeout = {
      externalClientApplication: app,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
    };
    const stack = (...bags: readonly Bag[]): Promise<Violation[]> =>
      analyzer.analyzeStack(bags.map((properties, index) => ({ name: `policy-${index}`, properties })));

    const missing = await stack(custom(30), { ...jwt, externalClientApplication: 'Other' });
    assert.match(
      messageOf(missing),
      /^Other: no resource of the stack declares how long .*24 hours\. Set namedUserJwtTimeout\.$/,
    );
    assert.equal(missing[0]?.urn, policyUrn('policy-1'));
    assert.match(
      messageOf(await stack(timeout)),
      /^Agent_Gateway: no resource of the stack declares isNamedUserJwtEnabled/,
    );

    assert.deepEqual(await stack(jwt, timeout), [], 'two resources on one app');
    assert.equal(
      (await stack(jwt, { ...timeout, org: 'uat' })).length,
      2,
      'apps of the same name in two orgs',
    );
    assert.deepEqual(await stack(userSession), []);
    assert.deepEqual(await stack({ externalClientApplication: app, isNamedUserJwtEnabled: false }), []);
    assert.deepEqual(
      await stack({ ...timeout, externalClientApplication: 'acme__Ledger' }),
      [],
      'an installed app',
    );
    await only({ [declared]: { exemptApps: [app] } });
    assert.deepEqual(await stack(timeout), []);
  });

  it('treats resources of both providers the same, even on one app', async () => {
    await only({ [lifetime]: {}, [declared]: {} });
    const resource = { name: 'gateway', type: nativePolicyType };
    assert.match(
      messageOf(await analyzer.analyze({ ...resource, properties: custom(90) })),
      /^Agent_Gateway: namedUserJwtTimeout is 90 minutes; at most 60 are allowed/,
    );
    const jwt = { externalClientApplication: app, isNamedUserJwtEnabled: true };
    assert.match(
      messageOf(await analyzer.analyzeStack([{ ...resource, properties: jwt }])),
      /^Agent_Gateway: no resource of the stack declares how long/,
    );
    const { isNamedUserJwtEnabled, ...timeout } = custom(30);
    assert.equal(isNamedUserJwtEnabled, true);
    assert.deepEqual(
      await analyzer.analyzeStack([
        { ...resource, properties: jwt },
        { name: 'lifetime', properties: timeout },
      ]),
      [],
    );
    assert.deepEqual(
      await analyzer.analyze({ ...resource, type: 'salesforce-eca:index:Other', properties: custom(90) }),
      [],
    );
  });

  it('applies SBS-DEP-006: 15 minutes, for all apps or those of the Salesforce CLI, with the control in the message', async () => {
    await only({ [benchmark]: {} });
    assert.match(
      messageOf(await analyze(custom(30))),
      /^Agent_Gateway: namedUserJwtTimeout is 30 minutes; at most 15 are allowed for tokens of named users\. .* \(SBS-DEP-006 of the Security Benchmark for Salesforce\. Its wording is about the app that the Salesforce CLI signs in with: to check only that app, list it in salesforceCliApps/,
    );
    assert.match(messageOf(await analyze(userSession)), /counts as 1440 minutes: .*; the maximum is 15/);
    assert.deepEqual(await analyze(custom(15)), []);
    await only({ [benchmark]: { userSessionMinutes: 15 } });
    assert.deepEqual(await analyze(userSession), []);
    await only({ [benchmark]: { salesforceCliApps: ['Deployer'] } });
    assert.deepEqual(await analyze(custom(30)), []);
    await only({ [benchmark]: { salesforceCliApps: [app] } });
    assert.match(
      messageOf(await analyze(custom(30))),
      /\(SBS-DEP-006 of the Security Benchmark for Salesforce\)$/,
    );
    await only({ [benchmark]: { exemptApps: [app] } });
    assert.deepEqual(await analyze(custom(30)), []);
  });

  it('applies SBS-DEP-006 to apps whose lifetime nothing declares', async () => {
    const stack = (properties: Bag): Promise<Violation[]> =>
      analyzer.analyzeStack([{ name: 'gateway', properties }]);
    const jwt = { externalClientApplication: app, isNamedUserJwtEnabled: true };
    await only({ [benchmarkDeclared]: {} });
    assert.match(
      messageOf(await stack(jwt)),
      /^Agent_Gateway: no resource of the stack declares how long access tokens live\. Set .* \(SBS-DEP-006/,
    );
    assert.match(
      messageOf(await stack({ ...jwt, isNamedUserJwtEnabled: false })),
      /opaque access tokens, whose timeout this resource does not manage\. .* \(SBS-DEP-006/,
    );
    assert.deepEqual(await stack(custom(480)), [], 'the other policy judges it');
    await only({ [benchmarkDeclared]: { salesforceCliApps: ['Deployer'] } });
    assert.deepEqual(await stack(jwt), []);
  });

  it('refuses a setting that a policy does not have, without a stack trace', async () => {
    await only({ [lifetime]: { maximumMinuts: 5 } });
    await assert.rejects(analyze(custom(30)), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(
        error.message,
        /The policy external-client-app-named-user-token-lifetime has no setting "maximumMinuts"; its settings are maximumMinutes, userSessionMinutes, userSessionMinutesByOrg, exemptApps\. Correct it in the policy pack's configuration\.$/,
      );
      assert.doesNotMatch(error.message, /^\s+at /m);
      return true;
    });
  });
});
