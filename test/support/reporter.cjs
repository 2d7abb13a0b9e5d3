'use strict';

const { reporters } = require('mocha');

/** The spec reporter, closed by the line that continuous integration reads: `N passed, N failed`. */
module.exports = class extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    process.stdout.write(
      `${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}\n`,
    );
  }
};
