import { writeFileSync } from 'node:fs';
import { rulesPage, rulesPageFile } from './localOrgRules/page.js';

/** Regenerates the page about the rules of the local org; run it after a change of `local-org/src/rules`. */
async function main(): Promise<void> {
  writeFileSync(rulesPageFile, await rulesPage());
}

void main();
