#!/usr/bin/env node
'use strict';
const objection = require('../dist/nodeVersion.js').objectionToNode(process.versions.node);
if (objection === undefined) {
  require('../dist/commandLine/main.js');
} else {
  console.error(`pulumi-salesforce-eca: ${objection}`);
  process.exitCode = 1;
}
