/**
 * The provider as one writes it at first: a dynamic resource whose create signs in, retrieves the app's two files, edits them and
 * deploys them, with jsforce's own waiting. The benchmark runs it from the project of its stack, as `obviousProvider.js`.
 */
import { Connection } from '@jsforce/jsforce-node';
import * as pulumi from '@pulumi/pulumi';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

/** The inputs: the app's settings, and the names of its components, which the obvious provider does not look for. */
interface ObviousInputs {
  globalSettings: string;
  policies: string;
  namedUserJwtTimeout: number;
}

const apiVersion = '66.0';

const provider: pulumi.dynamic.ResourceProvider<ObviousInputs, ObviousInputs> = {
  async create(inputs) {
    const types = [
      { name: 'ExtlClntAppGlobalOauthSettings', members: [inputs.globalSettings] },
      { name: 'ExtlClntAppOauthConfigurablePolicies', members: [inputs.policies] },
    ];
    const connection = new Connection({
      instanceUrl: process.env['SALESFORCE_INSTANCE_URL'] ?? '',
      accessToken: process.env['SALESFORCE_ACCESS_TOKEN'] ?? '',
      version: apiVersion,
    });
    // jsforce gives up after ten seconds.
    connection.metadata.pollTimeout = 24 * 60 * 60 * 1000;

    const retrieved = await connection.metadata
      .retrieve({ apiVersion, unpackaged: { types, version: apiVersion } } as never)
      .complete();
    const files = unzipSync(Buffer.from(retrieved.zipFile, 'base64'));
    const packaged: Record<string, Uint8Array> = {
      'package.xml': strToU8(
        '<?xml version="1.0" encoding="UTF-8"?><Package xmlns="http://soap.sforce.com/2006/04/metadata">' +
          types
            .map(
              ({ name, members }) =>
                `<types><members>${members.join('')}</members><name>${name}</name></types>`,
            )
            .join('') +
          `<version>${apiVersion}</version></Package>`,
      ),
    };
    for (const [path, bytes] of Object.entries(files)) {
      if (!path.endsWith('package.xml')) {
        const xml = strFromU8(bytes)
          .replace(/(<isNamedUserJwtEnabled>)[^<]*/, '$1true')
          .replace(
            '<permittedUsersPolicyType>',
            '<namedUserJwtSessionTimeoutType>Custom</namedUserJwtSessionTimeoutType>' +
              `<namedUserJwtTimeout>${inputs.namedUserJwtTimeout}</namedUserJwtTimeout><permittedUsersPolicyType>`,
          );
        packaged[path.replace('unpackaged/', '')] = strToU8(xml);
      }
    }
    const result = await connection.metadata
      .deploy(Buffer.from(zipSync(packaged)), { rollbackOnError: true, singlePackage: true })
      .complete(true);
    if (!result.success) {
      throw new Error(`the deploy ended as ${result.status}: ${JSON.stringify(result.details)}`);
    }
    return { id: inputs.policies, outs: inputs };
  },
};

/** The resource of the obvious provider. */
export class ObviousPolicy extends pulumi.dynamic.Resource {
  constructor(name: string, args: ObviousInputs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts);
  }
}
