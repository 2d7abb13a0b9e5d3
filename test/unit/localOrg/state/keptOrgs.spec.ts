import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify, SignJWT } from 'jose';
import { startLocalOrg, type LocalOrg, type LocalOrgOptions } from '../../../../local-org/src/index.js';
import { runProcess } from '../../../../tools/pulumiCli/runProcess.js';
import { connect, deploy, globalType, policiesType, retrieveOne, zip } from '../support/client.js';
import { bin } from '../support/command.js';

const global = { type: globalType, fullName: 'Agent_Gateway_glbloauth' };

describe('orgs kept in a folder', () => {
  let folder: string;
  let state: string;
  /** The folder in it where the files are. */
  let own: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'kept-orgs-')));
    state = join(folder, 'state');
    own = join(state, 'salesforce-local-org');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Starts the org `dev` of the folder, hands it to the test and closes it whatever happens. */
  async function withKept<T>(test: (org: LocalOrg) => Promise<T>, options: LocalOrgOptions = {}): Promise<T> {
    const server = await startLocalOrg({ state, ...options });
    try {
      return await test(server.org('dev'));
    } finally {
      await server.close();
    }
  }

  const startAndClose = (): Promise<void> => withKept(() => Promise.resolve());

  const usernameOf = async (org: LocalOrg, token: string): Promise<string | undefined> => {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(`${org.instanceUrl}/services/oauth2/userinfo`, { headers });
    return reply.status === 200
      ? ((await reply.json()) as { preferred_username: string }).preferred_username
      : undefined;
  };

  async function signIn(org: LocalOrg, changes: Record<string, unknown> = {}): Promise<Response> {
    const clientId = /<consumerKey>(.*)</.exec(org.component(global.type, global.fullName)!)![1]!;
    const assertion = await new SignJWT({
      iss: clientId,
      sub: org.username,
      aud: org.instanceUrl,
      ...changes,
    })
      .setProtectedHeader({ alg: 'RS256' })
      .setExpirationTime('3m')
      .sign(createPrivateKey(org.privateKey));
    return fetch(`${org.instanceUrl}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
    });
  }

  const newToken = async (org: LocalOrg): Promise<string> =>
    ((await (await signIn(org)).json()) as { access_token: string }).access_token;

  it('have the same identity after a restart: ids, keys, credentials and their tokens', async () => {
    const identity = ({
      organizationId,
      accessToken,
      clientId,
      privateKey,
      privateKeyFile,
      users,
    }: LocalOrg) => ({
      organizationId,
      accessToken,
      clientId,
      privateKey,
      privateKeyFile,
      users,
    });
    const components = (org: LocalOrg) =>
      [globalType, policiesType, 'ExtlClntAppOauthSettings', 'Settings'].flatMap((type) =>
        org.componentNames(type).map((name) => [type, name, org.component(type, name)]),
      );
    const first = await withKept((org) => Promise.resolve([identity(org), components(org)]));
    const second = await withKept((org) => Promise.resolve([identity(org), components(org)]));
    assert.deepEqual(second, first);
    const { privateKeyFile, privateKey } = first[0] as ReturnType<typeof identity>;
    assert.equal(privateKeyFile, join(own, 'dev.pem'));
    assert.equal(await readFile(privateKeyFile, 'utf8'), privateKey);
  });

  it('keep clients signed in, by opaque, JWT-based and refresh tokens, while these are valid', async () => {
    const before = await withKept(async (org) => {
      const opaque = await newToken(org);
      const xml = org.component(global.type, global.fullName)!;
      org.putComponent(global.type, global.fullName, xml.replace(/(NamedUserJwtEnabled>)false/, '$1true'));
      const jwt = await newToken(org);
      const revoked = await newToken(org);
      await fetch(`${org.instanceUrl}/services/oauth2/revoke?token=${revoked}`);
      return { opaque, jwt, revoked, refresh: org.issueRefreshToken() };
    });
    await withKept(async (org) => {
      assert.equal(await usernameOf(org, before.opaque), org.username);
      assert.equal(await usernameOf(org, before.jwt), org.username);
      assert.equal(await usernameOf(org, before.revoked), undefined);
      const keys = createRemoteJWKSet(new URL(`${org.instanceUrl}/id/keys`));
      await jwtVerify(before.jwt, keys);
      const renewed = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: before.refresh,
          client_id: org.clientId,
        }),
      });
      assert.equal(renewed.status, 200);
      org.advanceClock(121 * 60_000);
    });
    await withKept(async (org) => {
      assert.equal(await usernameOf(org, before.opaque), undefined, 'the clock stays where it was moved to');
      assert.equal(await usernameOf(org, before.jwt), undefined);
    });
  });

  it('refuse an assertion that was used before the restart', async () => {
    assert.equal(
      (await withKept((org) => signIn(org, { jti: 'once', aud: 'https://login.salesforce.com' }))).status,
      200,
    );
    assert.equal(
      (await withKept((org) => signIn(org, { jti: 'once', aud: 'https://login.salesforce.com' }))).status,
      400,
    );
  });

  it('keep the deploys with their results, and continue their numbers', async () => {
    const id = await withKept(async (org) => {
      const xml = org.component(global.type, global.fullName)!.replace('<label>', '<label>Changed ');
      return (await deploy(connect(org), [{ ...global, xml }])).id;
    });
    await withKept(async (org) => {
      const { status, details, numberComponentsDeployed } = await connect(org).metadata.checkDeployStatus(
        id,
        true,
      );
      assert.equal(status, 'Succeeded');
      assert.equal(numberComponentsDeployed, 1);
      const [manifest, component] = [details.componentSuccesses].flat();
      assert.deepEqual([manifest?.fullName, component?.fullName], ['package.xml', global.fullName]);
      assert.match(await retrieveOne(connect(org), global.type, global.fullName), /<label>Changed /);
      const next = await deploy(connect(org), [
        { ...global, xml: org.component(global.type, global.fullName)! },
      ]);
      assert.notEqual(next.id, id);
      assert.deepEqual(
        org.deploys.map((each) => [each.id, each.status]),
        [
          [id, 'Succeeded'],
          [next.id, 'Succeeded'],
        ],
      );
    });
  });

  it('report a deploy that had not ended as failed, and contain nothing of it', async () => {
    const { id, before } = await withKept(
      async (org) => {
        const stored = org.component(global.type, global.fullName)!;
        const changed = { ...global, xml: stored.replace('<label>', '<label>Changed ') };
        const job = await connect(org).metadata.deploy(zip([changed], '66.0'), { singlePackage: true });
        return { id: job.id, before: stored };
      },
      { deployMs: 600_000 },
    );
    await withKept(async (org) => {
      const { status, errorMessage } = (await connect(org).metadata.checkDeployStatus(id)) as {
        status: string;
        errorMessage?: string;
      };
      assert.equal(status, 'Failed');
      assert.equal(
        errorMessage,
        'The local org was stopped before this deploy had ended. Nothing of it is in the org.',
      );
      assert.equal(org.component(global.type, global.fullName), before);
    });
  });

  it('ignore a seed once they exist', async () => {
    await withKept((org) => {
      org.removeComponent('ExternalClientApplication', 'portal');
      return Promise.resolve();
    });
    await withKept((org) => {
      assert.equal(org.component('ExternalClientApplication', 'portal'), undefined);
      return Promise.resolve();
    });
  });

  it('are in files that only their owner can read', async () => {
    await startAndClose();
    assert.deepEqual((await readdir(own)).sort(), ['dev.pem', 'dev.state', 'lock']);
    for (const file of ['dev.pem', 'dev.state', 'lock']) {
      assert.equal((await stat(join(own, file))).mode & 0o777, 0o600, file);
    }
    for (const each of [state, own]) assert.equal((await stat(each)).mode & 0o777, 0o700, each);
  });

  it('can be several in one folder, each with its own state', async () => {
    const server = await startLocalOrg({ state, orgs: ['dev', 'uat'] });
    const accessTokens = server.orgs.map((org) => org.accessToken);
    await server.close();
    await withKept((org) => {
      assert.equal(org.accessToken, accessTokens[0]);
      return Promise.resolve();
    });
    assert.ok((await readdir(own)).includes('uat.state'));
  });

  it('cannot be started twice at once, by this process or by another one', () =>
    withKept(async () => {
      const message = `The state folder ${own} is in use: an org runs on it. Stop that one, or name another folder.`;
      await assert.rejects(startAndClose, { name: 'StateError', message });
      const { code, stdout, stderr } = await runProcess(process.execPath, [bin, '--state', state], {
        deadlineMs: 15_000,
      });
      assert.deepEqual([code, stdout, stderr], [1, '', `salesforce-local-org: ${message}\n`]);
    }));

  it('are refused completely if part of their state is not as this release writes it', async () => {
    await startAndClose();
    const file = join(own, 'dev.state');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"format":"opaque"', '"format":"paseto"'));
    await assert.rejects(startAndClose, {
      name: 'StateError',
      message: `${file} cannot be used: format is "paseto"; it takes one of: opaque, jwt. Move it away to begin with a new org, or name another folder.`,
    });
    await writeFile(file, text);
    await startAndClose();
  });
});
