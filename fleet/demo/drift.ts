/** `npm run demo:drift`: somebody changes an org behind Pulumi's back, and a drift run finds it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readInventory } from '../src/inventory/readInventory.js';
import { say } from '../src/server/progress.js';
import { exampleFolder, fleetFolder } from './folders.js';

const changed = 'globex';
const minutes = 720;
const component = 'ExtlClntAppOauthConfigurablePolicies/Agent_Gateway_oauthPlcy';

const { orgs } = await readInventory({ file: join(exampleFolder, 'inventory.csv') });
const address = orgs.find(({ name }) => name === changed)?.address ?? '';
const url = `${address}/local-org/components/${component}`;
const xml = await fetch(url).then(
  (response) => response.text(),
  () => {
    say('No org answers: type npm start in another terminal first.');
    return process.exit(1);
  },
);
const edited = xml.replace(/<namedUserJwtTimeout>\d+</, `<namedUserJwtTimeout>${minutes}<`);
if (edited === xml && !xml.includes(`<namedUserJwtTimeout>${minutes}<`)) {
  say(`${changed} has no lifetime of tokens yet: type npm run demo:roll-out first.`);
  process.exit(1);
}
const { ok } = await fetch(url, { method: 'PUT', body: edited });
if (!ok) throw new Error(`${changed} could not be changed`);
say(`Somebody has set the lifetime of tokens in ${changed} to ${minutes} minutes.`);
const { status } = spawnSync(
  process.execPath,
  [join(fleetFolder, 'bin/eca-fleet.js'), 'drift', '--settings', join(exampleFolder, 'fleet.yaml')],
  { stdio: 'inherit' },
);
// The command exits with 2 when it finds drift, which is what is wanted here.
if (status !== 2) throw new Error('the drift run did not find the change');
say(`The drift run has found it. Put it right: npm run demo:roll-out`);
