#!/usr/bin/env node
'use strict';
const objection = require('../dist/nodeVersion.js').objectionToNode(process.versions.node);
if (objection === undefined) {
  require('../dist/commandLine.js');
} else {
  console.error(`salesforce-local-org: ${objection}`);
  process.exitCode = 1;
}
