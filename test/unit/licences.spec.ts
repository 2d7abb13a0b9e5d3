import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { mappingOf } from '../support/workflows.js';

/** Licences that let everybody use, change and pass on a package, also in a closed product. */
const open: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'],
  ...['Python-2.0', 'Unlicense'],
  // Of data only.
  ...['CC-BY-3.0', 'CC-BY-4.0'],
]);

/** What the files of packages say whose package.json names no licence. */
const fromTheirFiles: Readonly<Record<string, string>> = {
  'node_modules/@logdna/tail-file': 'MIT',
  'node_modules/unionfs': 'Unlicense',
};

/** Whether an SPDX expression lets one choose open licences only. One with both AND and OR has to be looked at. */
function isOpen(expression: string): boolean {
  const licences = expression.replace(/^\((.*)\)$/, '$1').split(/ (?:AND|OR) /);
  const isFine = (licence: string): boolean => open.has(licence);
  return expression.includes(' OR ') && !expression.includes(' AND ')
    ? licences.some(isFine)
    : licences.every(isFine);
}

/** The licences of the packages that users get, by their folder. */
function licencesIn(lockFile: string): [folder: string, licence: string][] {
  const lock = mappingOf(JSON.parse(readFileSync(join(repositoryFolder, lockFile), 'utf8')));
  return Object.entries(mappingOf(lock['packages']))
    .map(([folder, entry]) => ({ folder, entry: mappingOf(entry) }))
    .filter(({ folder, entry }) => folder !== '' && entry['dev'] !== true && entry['link'] !== true)
    .map(({ folder, entry }) => [folder, fromTheirFiles[folder] ?? String(entry['license'])]);
}

describe('what is installed with the packages', () => {
  it('is told from what is not open', () => {
    const openOnes = ['MIT', '(BSD-3-Clause OR GPL-2.0)', 'Apache-2.0 AND MIT'];
    assert.deepEqual(openOnes.filter(isOpen), openOnes);
    const others = ['MIT AND GPL-3.0', '(MIT OR ISC) AND GPL-3.0', 'undefined'];
    assert.deepEqual(others.filter(isOpen), []);
  });

  for (const lockFile of ['package-lock.json', 'fleet/package-lock.json']) {
    it(`is openly licensed: ${lockFile}`, () => {
      const licences = licencesIn(lockFile);
      assert.ok(licences.length > 100);
      assert.deepEqual(
        licences.filter(([, licence]) => !isOpen(licence)),
        [],
      );
    });
  }
});
