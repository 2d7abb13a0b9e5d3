/**
 * `npm run -s pulumi-path`: gets the Pulumi CLI if need be and prints the folder that holds it, and nothing else, on
 * stdout.
 */
import { printFolder } from './printFolder.js';
import { pulumiBinFolder } from './pulumiCli/pulumiBinFolder.js';

printFolder(pulumiBinFolder);
