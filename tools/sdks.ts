/** `npm run sdks`: writes `sdk/`, the SDKs of the package `salesforce-eca` for Node.js, Python and Go, from `provider/schema.json`. */
import { mkdir, rm } from 'node:fs/promises';
import { say } from './pulumiCli/progress.js';
import { sdkFolder, writeSdks } from './sdks/writeSdks.js';

async function main(): Promise<void> {
  await rm(sdkFolder, { recursive: true, force: true });
  await mkdir(sdkFolder);
  await writeSdks(sdkFolder);
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
