#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  await import('../dist/commandLine/main.js');
} else {
  console.error(`eca-fleet: Node.js 22.19 or later is needed; this is ${process.versions.node}.`);
  process.exitCode = 1;
}
