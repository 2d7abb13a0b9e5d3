#!/usr/bin/env node
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  require('../dist/commandLine.js');
} else {
  console.error(`salesforce-local-org: Node.js 22.12 or later is needed; this is ${process.versions.node}.`);
  process.exitCode = 1;
}
