import { InvalidArgumentError, Option } from 'commander';
import { defaultTimeoutMinutes } from '../signIn/settingValues.js';

/** The time limit, an option of every command that asks an org. */
export function timeoutOption(): Option {
  return new Option(
    '--timeout <minutes>',
    `time limit for one wait for the org, and for one request if below two minutes (default: ${defaultTimeoutMinutes}, or as set in the stack)`,
  ).argParser(parseTimeout);
}

function parseTimeout(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && Number.isFinite(minutes))) {
    throw new InvalidArgumentError('It must be a number of minutes above 0.');
  }
  return minutes;
}
