#!/usr/bin/env node
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
// The first releases with node:sqlite.
if (major > 23 || (major === 23 && minor >= 4) || (major === 22 && minor >= 13)) {
  require('../dist/commandLine.js');
} else {
  console.error(
    `salesforce-local-org: Node.js 22.13 or later (of 23: 23.4 or later) is needed; this is ${process.versions.node}.`,
  );
  process.exitCode = 1;
}
