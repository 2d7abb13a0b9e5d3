import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import type { EngineLogEntry } from '../support/fakeEngine.js';
import { putApp, type AppElements } from '../support/localApps.js';
import { policyUrn } from '../support/policyProgram.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { configuration, jwtBearer, Stage } from '../support/stage.js';
import { until } from '../support/until.js';

describeForEachProgram('the notices of a run', function (program) {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  beforeEach(async () => {
    stage = await Stage.open({
      // What arrives while an org is being read is in the same batch.
      localOrg: { latencyMs: 20 },
      configuration: ([dev]) =>
        configuration(jwtBearer(dev!), {
          stranger: { ...jwtBearer(dev!), username: 'nobody@dev.example' },
        }),
    });
    org = stage.org;
    putApp(org, 'Last');
  });
  afterEach(() => stage.close());

  const jwtOn = { isNamedUserJwtEnabled: true };
  const names = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `App_${String(index + 1)}`);
  const create = async (apps: readonly string[], args: Bag = jwtOn, elements: AppElements = {}) => {
    for (const app of apps) putApp(org, app, elements);
    return Promise.all(apps.map((app) => stage.create(app, { externalClientApplication: app, ...args })));
  };
  const inOrg = (app: string): string =>
    `External client app "${app}" in org ${org.instanceUrl} (${org.organizationId})`;
  /** What was said with a code; all that was said before it is called is there. */
  const said = async (code: string): Promise<EngineLogEntry[]> => {
    await stage.preview('Last', { externalClientApplication: 'Last', guestJwtTimeout: 5 });
    await stage.host.waitForLog(`${inOrg('Last')}: up would change`);
    return stage.host.logs.filter(({ message }) => message.includes(`[${code}]`));
  };

  it('have one warning with the names of the apps if an org returns no certificates', async () => {
    org.faults.returnCertificate = false;
    await create(names(3));
    const [{ urn, severity, message } = assert.fail(), ...others] = await said('ECA3105');
    assert.deepEqual([urn, severity, others], ['', 'warning', []]);
    for (const app of names(3)) assert.ok(message.includes(`"${app}"`), message);
  });

  it('say nothing about an app without a certificate if the org returns those of other apps', async () => {
    await create(names(3));
    assert.deepEqual(await said('ECA3105'), []);
  });

  it('have one warning for several apps, and a warning at the resource for a single app', async () => {
    await create(names(2), { guestJwtTimeout: 5 });
    await create(['Alone'], { guestJwtTimeout: 5 });
    assert.deepEqual(
      (await said('ECA3103')).slice(0, 2).map(({ urn, message }) => [urn, message.split(': ')[0]]),
      [
        [
          '',
          `[ECA3103] External client apps "App_1", "App_2" in org ${org.instanceUrl} (${org.organizationId})`,
        ],
        [policyUrn('Alone'), `[ECA3103] ${inOrg('Alone')}`],
      ],
    );
  });

  it('explain JWT-based access tokens once, when an app starts to issue them', async () => {
    await create(names(2));
    await create(['Later']);
    assert.equal((await said('ECA3101')).length, 1);
  });

  it('do not explain JWT-based access tokens if the app already issues them', async () => {
    await create(names(2), jwtOn, { globalSettings: jwtOn });
    assert.deepEqual(await said('ECA3101'), []);
  });

  it('say that a lifetime has no effect while the app issues opaque access tokens, if the format was read', async () => {
    putApp(org, 'Opaque');
    // Another resource manages the format of another app, so that the org's global OAuth settings are read.
    await Promise.all([
      create(['Jwt']),
      stage.create('Opaque', { externalClientApplication: 'Opaque', namedUserJwtTimeout: 5 }),
    ]);
    const found = await said('ECA3107');
    assert.deepEqual(
      found.map(({ urn }) => urn),
      [policyUrn('Opaque')],
    );
  });

  const subjectOf = (apps: string): string =>
    `External client apps ${apps} in org ${org.instanceUrl} (${org.organizationId})`;
  const informed = (text: string): string[] =>
    stage.host.logs.filter(({ message }) => message.includes(text)).map(({ message }) => message);

  it('list what destroy has restored, with the old and the new value, in one line for equal changes', async () => {
    const timeout = (minutes: number): Bag => ({
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: minutes,
    });
    for (const app of names(5)) putApp(org, app);
    putApp(org, 'Had_60', {
      policies: { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 60 },
    });
    // Without check nothing is declared, as in a destroy.
    const created = await Promise.all([
      ...names(5).map((app) =>
        stage.host.create({ externalClientApplication: app, ...jwtOn, ...timeout(30) }),
      ),
      stage.host.create({ externalClientApplication: 'Had_60', ...timeout(30) }),
    ]);
    await Promise.all(created.map(({ id, outs }) => stage.host.delete(id, outs)));
    assert.deepEqual(informed(': restored '), [
      `${subjectOf('"App_1", "App_2" and 3 more')}: restored isNamedUserJwtEnabled true → false, namedUserJwtSessionTimeoutType Custom → absent, namedUserJwtTimeout 30 minutes → absent.`,
      `${inOrg('Had_60')}: restored namedUserJwtTimeout 30 minutes → 60 minutes.`,
    ]);
  });

  it('list what up would change, in one line for equal changes, and shorten only the largest group', async () => {
    const opaque = names(5).reverse();
    const others = ['Jwt_1', 'Jwt_2', 'Jwt_3', 'Jwt_4'];
    for (const app of opaque) putApp(org, app);
    for (const app of others) putApp(org, app, { globalSettings: jwtOn });
    await Promise.all(
      [...opaque, ...others].map((app) => stage.preview(app, { externalClientApplication: app, ...jwtOn })),
    );
    await stage.host.waitForLog('the org already has');
    assert.deepEqual(informed('up would'), [
      `${subjectOf('"App_1", "App_2" and 3 more')}: up would change isNamedUserJwtEnabled false → true.`,
      `${subjectOf('"Jwt_1", "Jwt_2", "Jwt_3", "Jwt_4"')}: the org already has these values; up would deploy nothing for them.`,
    ]);
  });

  it('are complete if the engine ends the process right after a preview', async () => {
    putApp(org, 'App_1');
    await stage.preview('App_1', { externalClientApplication: 'App_1', ...jwtOn });
    stage.host.interrupt();
    await stage.host.waitForLog(`${inOrg('App_1')}: up would change`);
  });

  it('say once how to put more apps into one deploy, when a second deploy starts after one of four apps', async () => {
    await create(names(4));
    await create(['Fifth']);
    await create(['Sixth']);
    const advice = 'the first deploy changed 4 apps, and Pulumi passed on more after it had ended';
    await stage.host.waitForLog(advice);
    await said('ECA3105');
    assert.equal(stage.host.logs.filter(({ message }) => message.includes(advice)).length, 1);
  });

  it('say nothing about the number of deploys if Pulumi passed on more apps while the first deploy was running', async () => {
    const release = org.faults.holdNext('deploy');
    const first = create(names(4));
    await until('the deploy is sent', () => requestKinds(org).includes('deploy'));
    const second = create(['Fifth']);
    // A later call that takes longer shows that the provider has got this one.
    await said('ECA3105');
    release();
    await Promise.all([first, second]);
    assert.equal(org.deploys.length, 2);
    assert.ok(!stage.host.logs.some(({ message }) => message.includes('--parallel')));
  });

  it('say nothing about the number of deploys if few apps arrived at once', async () => {
    await create(names(3));
    await create(['Fourth']);
    await said('ECA3105');
    assert.ok(!stage.host.logs.some(({ message }) => message.includes('--parallel')));
  });

  it('say once why a sign-in failed; other resources refer to it', async () => {
    const failures = await Promise.allSettled(
      names(3).map((app) => stage.create(app, { externalClientApplication: app, org: 'stranger', ...jwtOn })),
    );
    const messages = failures.map((failure) =>
      failure.status === 'rejected' && failure.reason instanceof Error ? failure.reason.message : '',
    );
    const whole = messages.filter((message) => message.includes('was refused by'));
    const short = messages.filter((message) =>
      message.includes('the sign-in to org "stranger" failed; see the error of another resource in this run'),
    );
    assert.deepEqual([whole.length, short.length], [1, 2], messages.join('\n'));
  });

  it('say in a refused preview whether it ends there and how to get past it, but not what up would change', async () => {
    putApp(org, 'Guests', { globalSettings: jwtOn, policies: { isGuestCodeCredFlowEnabled: true } });
    const { failures } = await stage.preview('Guests', {
      externalClientApplication: 'Guests',
      isNamedUserJwtEnabled: false,
    });
    const reason = failures[0]?.reason ?? '';
    assert.match(reason, /ECA4002/);
    // The native provider refuses in create and update, which end no preview.
    const previewEnds =
      /The preview ends here: if the program has more apps, they were not all checked\. .*`pulumi config set salesforce:preview offline` and then `pulumi up --continue-on-error`/;
    assert.equal(previewEnds.test(reason), program === 'dynamic', reason);
    await said('ECA3105');
    assert.ok(!stage.host.logs.some(({ message }) => message.startsWith(inOrg('Guests'))));
  });
});
