'use strict';

/*
 * Stands in for the Pulumi CLI. Where CLI_RECORDED_PROGRAM names the real one it runs that and appends what it was asked and what it answered,
 * the events of the engine included, to the file CLI_RECORDING, a call a line. Else it answers from there.
 */
const { spawnSync } = require('node:child_process');
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');

const args = process.argv.slice(2);
const { CLI_RECORDING: file, CLI_RECORDED_PROGRAM: program } = process.env;
const options = args.findIndex((arg) => arg.startsWith('-'));
const command = args.slice(0, options < 0 ? args.length : options).join(' ');
const eventLog = args[args.indexOf('--event-log') + 1];
const hasEvents = args.includes('--event-log');

/** Steps before they ended, and what is no error, would make most of a recording and are passed over by the command. */
const isKept = ({ resourcePreEvent, diagnosticEvent }) =>
  resourcePreEvent === undefined && (diagnosticEvent === undefined || diagnosticEvent.severity === 'error');

function record() {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  const events = hasEvents ? readFileSync(eventLog, 'utf8').trimEnd().split('\n') : [];
  const call = {
    command,
    code: status,
    stdout,
    stderr,
    events: events.map((line) => JSON.parse(line)).filter(isKept),
  };
  appendFileSync(file, `${JSON.stringify(call)}\n`);
  return call;
}

/** The CLI escapes what ends a line to some readers. */
const asInGo = (event) =>
  JSON.stringify(event).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

function replay() {
  const calls = readFileSync(file, 'utf8').trimEnd().split('\n');
  const call = calls.map((line) => JSON.parse(line)).find((recorded) => recorded.command === command);
  if (call === undefined) throw new Error(`${file} has no recorded call of "pulumi ${command}"`);
  if (hasEvents) writeFileSync(eventLog, call.events.map((event) => `${asInGo(event)}\n`).join(''));
  return call;
}

/** To a newer CLI the Automation API gives an address in the place of a file for the events. */
const version = { code: 0, stdout: 'v3.205.0\n', stderr: '' };

const { code, stdout, stderr } =
  command === 'version' ? version : program === undefined ? replay() : record();
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
