'use strict';

const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/**
 * The spec reporter, closed by the line that continuous integration reads: `N passed, N failed`. A run that sums several parts names a file for
 * it (`tools/allTests.ts`).
 */
module.exports = class extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const line = `${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}\n`;
    const file = process.env.TEST_COUNTS_FILE;
    if (file) writeFileSync(file, line);
    else process.stdout.write(line);
  }
};
