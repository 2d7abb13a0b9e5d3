import { startS3Server, type S3Server } from '../support/s3Server.js';
import { WorldOfOrgs } from '../support/worldOfOrgs.js';
import { assertLocksHold } from './sharedState.js';

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'made up for a test' };

describe('a fleet with its state in S3', function () {
  this.timeout(240_000);
  let storage: S3Server;
  let world: WorldOfOrgs;

  before(async function () {
    this.timeout(3_600_000);
    storage = await startS3Server();
    Object.assign(process.env, credentials);
    world = await WorldOfOrgs.createOn(storage.backend, 'acme');
  });
  after(async () => {
    for (const name of Object.keys(credentials)) Reflect.deleteProperty(process.env, name);
    await world.close();
    await storage.close();
  });

  it('takes away the lock of an attempt that was killed, and no other', async () => {
    await assertLocksHold(world, 'acme');
  });
});
