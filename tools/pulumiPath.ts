/**
 * `npm run -s pulumi-path`: gets the Pulumi CLI if need be and prints the folder that holds it, and nothing else, on
 * stdout.
 */
import { pulumiBinFolder } from './pulumiCli/pulumiBinFolder.js';

pulumiBinFolder().then(
  (folder) => {
    process.stdout.write(`${folder}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
