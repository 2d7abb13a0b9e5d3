import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Example } from '../../support/example.js';

describe('the example drift-detection', function () {
  this.timeout(300_000);
  let example: Example;
  before(async () => {
    example = await Example.open('drift-detection');
    await example.startLocalOrgs();
  });
  after(() => example.dispose());

  it('does what its README says', async () => {
    const up = await example.type(/^pulumi up --yes$/m);
    assert.match(up.stdout, /"Partner_API":\{"format":"unknown","minutes":60\}/);
    const clean = await example.type(/^npm run drift -- --stack production +# clean: ends with 0$/m);
    assert.match(clean.stdout, /^Stack production: clean$/m);

    await example.type(/^policies=/);
    const drifted = await example.type(/^npm run drift -- --stack production +# drifted: ends with 2/m, 2);
    assert.match(drifted.stdout, /namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes/);
    assert.match(drifted.stdout, / last modified at \S+ by /);

    await example.type(/--format markdown[^]*--format junit/);
    assert.match(
      await readFile(join(example.folder, 'drift.md'), 'utf8'),
      /^### Drift of stack production: drifted$/m,
    );
    assert.match(await readFile(join(example.folder, 'drift.xml'), 'utf8'), /<testsuites .*failures="1"/);

    const repaired = await example.type(/^pulumi up --refresh --diff --yes\nnpm run drift/m);
    assert.match(repaired.stdout, /^Stack production: clean$/m);

    const failed = await example.type(/^npm run drift -- --stack production +# failed: ends with 1$/m, 1);
    assert.match(failed.stdout, /^Stack production: failed$/m);
    assert.doesNotMatch(failed.stdout, /drifted|: clean/);

    await example.type(/^pulumi destroy --yes --run-program$/m);
    example.assertAllTyped();
  });
});
