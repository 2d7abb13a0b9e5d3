#!/usr/bin/env node
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  require('../dist/commandLine/main.js');
} else {
  console.error(`pulumi-salesforce-eca: Node.js 22.19 or later is needed; this is ${process.versions.node}.`);
  process.exitCode = 1;
}
