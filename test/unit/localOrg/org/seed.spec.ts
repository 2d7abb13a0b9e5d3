import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultSeed, readSeed } from '../../../../local-org/src/org/seed.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { globalType, packageXml, policies, policiesType, withOrg } from '../support/client.js';

describe('the seed of the local org', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seed-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };

  it('is loaded byte for byte if nothing has to be filled in', async () => {
    const seed = await readSeed(defaultSeed);
    await withOrg((org) => {
      const filledIn = [globalType, 'ExtlClntAppOauthSettings'];
      for (const { type, fullName, xml } of seed) {
        if (filledIn.includes(type) || fullName === 'Agent_Gateway_oauthPlcy') continue;
        assert.equal(org.component(type, fullName), xml);
      }
      return Promise.resolve();
    });
  });

  it('contains no consumer key, secret, or certificate', async () => {
    for (const { xml } of await readSeed(defaultSeed)) {
      assert.doesNotMatch(xml, /<(consumerKey|consumerSecret|certificate)>/);
    }
  });

  it('can be your own folder, to which the app that deployers sign in with is added', async () => {
    const header = { type: 'ExternalClientApplication', fullName: 'Mine' };
    await write('package.xml', packageXml([header, { type: policiesType, fullName: '*' }], '67.0'));
    await write(
      'externalClientApps/Mine.eca',
      '<ExternalClientApplication xmlns="http://soap.sforce.com/2006/04/metadata"/>',
    );
    await write('extlClntAppOauthPolicies/Mine_oauthPlcy.ecaOauthPlcy', policies('Mine', ''));
    await withOrg(
      (org) => {
        assert.deepEqual(org.componentNames('ExternalClientApplication'), ['Deployer', 'Mine']);
        assert.deepEqual(org.componentNames(policiesType), ['Deployer_oauthPlcy', 'Mine_oauthPlcy']);
        assert.ok(org.clientId.startsWith('3MVG9'));
        assert.deepEqual(org.componentNames('Settings'), ['Security']);
        return Promise.resolve();
      },
      { seed: folder },
    );
  });

  it('is refused with the file that is wrong', async () => {
    const header = { type: 'ExternalClientApplication', fullName: 'Broken' };
    await write('package.xml', packageXml([header], '67.0'));
    await write('externalClientApps/Broken.eca', '<ExternalClientApplication>');
    await assert.rejects(startLocalOrg({ seed: folder }), {
      name: 'SeedError',
      message: `The seed file ${join(folder, 'externalClientApps/Broken.eca')} cannot be read: unclosed tag: ExternalClientApplication`,
    });
  });
});
