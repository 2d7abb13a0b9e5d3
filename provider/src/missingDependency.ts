import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { formatMessage } from './errors.js';

/**
 * Warns when the provider process will not find this package: it searches from the folder of the project, while a
 * program may get the resource class from another package that depends on this one.
 */
export function warnOfMissingDependency(): void {
  const folder = process.cwd();
  try {
    createRequire(join(folder, 'index.js')).resolve('pulumi-salesforce-eca/provider');
  } catch {
    void pulumi.log.warn(
      formatMessage({
        code: 'ECA1019',
        cause:
          `the provider process starts in ${folder} and does not find the package pulumi-salesforce-eca from there. Add it to the ` +
          `dependencies of ${nearestPackageJson(folder)}, and install.`,
      }),
    );
  }
}

/** The package.json that applies to a folder; if there is none, the one to create in it. */
function nearestPackageJson(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const file = join(current, 'package.json');
    if (existsSync(file)) {
      return file;
    }
    if (dirname(current) === current) {
      return join(folder, 'package.json');
    }
  }
}
