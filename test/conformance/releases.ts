import { createRequire } from 'node:module';
import { join } from 'node:path';
import { npmPackageFolder } from '../../tools/clients/npmPackage.js';
import { salesforceCliVersion } from '../../tools/clients/salesforceCli.js';
import type { ClientRelease } from './client.js';
import { installCumulusCi } from './clients/cumulusCi.js';
import { openJsforce, type JsforceModule } from './clients/jsforce.js';
import { installSalesforceCli } from './clients/salesforceCli.js';
import { installZeep } from './clients/zeep.js';

/** The Salesforce CLI takes SFDX auth URLs for https orgs only. */
function salesforceCli(name: string, version: string): ClientRelease {
  return {
    name,
    label: `Salesforce CLI ${version}`,
    needsHttps: true,
    install: () => installSalesforceCli(version),
  };
}

function jsforce(name: string, version: string): ClientRelease {
  return {
    name,
    label: `jsforce ${version}`,
    needsHttps: false,
    install: async () => {
      const lock = join(__dirname, 'locks', `jsforce-${version}`);
      const folder = await npmPackageFolder({
        folder: 'jsforce',
        name: 'jsforce',
        version,
        size: '100 MB',
        file: 'package.json',
        lock,
      });
      // What it exports is checked with every answer that is read.
      return openJsforce(createRequire(join(folder, 'package.json'))(folder) as JsforceModule);
    },
  };
}

/** Through simple-salesforce, CumulusCI speaks nothing but https. */
function cumulusCi(name: string, version: string): ClientRelease {
  return { name, label: `CumulusCI ${version}`, needsHttps: true, install: () => installCumulusCi(version) };
}

/** A SOAP client that takes an answer only as its WSDL has it, which is that of 63.0 (in simple-salesforce 1.12.10). */
function zeep(name: string, version: string): ClientRelease {
  const label = `zeep ${version}, WSDL of 63.0`;
  return { name, label, apiVersion: '63.0', needsHttps: false, install: () => installZeep(version) };
}

/** The clients of the table, in the order of its columns: of each the present release, and of some an older one. */
export const releases: readonly ClientRelease[] = [
  salesforceCli('salesforce-cli', salesforceCliVersion),
  salesforceCli('salesforce-cli-older', '2.86.1'),
  jsforce('jsforce', '3.10.26'),
  jsforce('jsforce-older', '1.11.1'),
  cumulusCi('cumulusci', '4.10.1'),
  zeep('zeep', '4.3.3'),
];
