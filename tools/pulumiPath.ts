/**
 * `npm run -s pulumi-path`: gets the Pulumi CLI if necessary and prints only its folder on
 * stdout.
 */
import { printFolder } from './printFolder.js';
import { pulumiBinFolder } from './pulumiCli/pulumiBinFolder.js';

printFolder(pulumiBinFolder);
