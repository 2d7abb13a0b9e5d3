import { text } from 'node:stream/consumers';
import { readOrgConfiguration } from '../../../../provider/src/signIn/configuration.js';
import { connect } from '../../../../provider/src/org/orgConnection.js';
import { packageXml, zipComponents } from '../../../../provider/src/components/packageZip.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';

/**
 * A program: signs in with every configuration of the list on standard input, and sends every kind of request, so that a test
 * sees what libraries log.
 */
async function main(): Promise<void> {
  const configurations = JSON.parse(await text(process.stdin)) as Record<string, string>[];
  for (const settings of configurations) {
    const read = (key: string): string | undefined => settings[key.replace('salesforce:', '')];
    const connection = await connect(
      readOrgConfiguration(read, {}, undefined, false),
      contextWithoutEngine(),
    );
    const manifest = packageXml(new Map(), `${connection.apiVersion}.0`);
    const { id } = await connection.send((api) =>
      api.startDeploy(zipComponents(new Map([['package.xml', Buffer.from(manifest)]])), { checkOnly: true }),
    );
    await connection.read((api) => api.checkDeploy(id));
    await connection.read((api) => api.listMetadata(['ExternalClientApplication']));
    await connection.userId();
    // A refused request is logged in another way.
    await connection.read((api) => api.query('SELECT Nothing FROM Nowhere')).catch(() => undefined);
  }
  console.log('done');
}

void main();
