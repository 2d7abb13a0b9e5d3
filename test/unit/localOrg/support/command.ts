import { join } from 'node:path';
import { repositoryFolder } from '../../../../tools/pulumiCli/repository.js';

/** The command of the local org, as npm links it. */
export const bin = join(repositoryFolder, 'local-org/bin/salesforce-local-org.js');
