import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../../../provider/src/errorCodes.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { readPages } from '../../support/pages.js';

const codes = Object.keys(errorCodes);
const read = (path: string): string => readFileSync(join(repositoryFolder, path), 'utf8');
const page = read('docs/troubleshooting.md');
const sourceFiles = globSync('provider/src/**/*.ts', { cwd: repositoryFolder });
const codesIn = (text: string): string[] => text.match(/\bECA\d{4}\b/g) ?? [];

describe('the codes of messages', () => {
  it('have one entry each in docs/troubleshooting.md, with an anchor, and no other code has one', () => {
    const anchors = [...page.matchAll(/<a id="(eca\d+)"><\/a>\*\*(\w+)\*\*/g)];
    assert.deepEqual(anchors.map(([, , code]) => code).sort(), [...codes].sort());
    for (const [, anchor, code] of anchors) assert.equal(anchor, code?.toLowerCase());
  });

  it('are each used by a message', () => {
    const used = new Set(
      sourceFiles.filter((path) => !path.endsWith('errorCodes.ts')).flatMap((path) => codesIn(read(path))),
    );
    assert.deepEqual([...used].sort(), [...codes].sort());
  });

  it('are in order, so that the next one is easily found', () => {
    assert.deepEqual(codes, [...codes].sort());
  });

  it('exist if a page names them', () => {
    for (const { path } of readPages()) {
      assert.deepEqual(
        codesIn(read(path)).filter((code) => !codes.includes(code)),
        [],
        path,
      );
    }
  });
});
