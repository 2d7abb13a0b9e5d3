import { InvalidArgumentError, Option } from 'commander';
import { defaultTimeoutMinutes } from '../signIn/settingValues.js';

/** The option of every command that asks an org: how long. */
export function timeoutOption(): Option {
  return new Option(
    '--timeout <minutes>',
    `limit of one wait for the org, and of one request if shorter than two minutes (default: ${defaultTimeoutMinutes}, or what the stack sets)`,
  ).argParser(parseTimeout);
}

function parseTimeout(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && Number.isFinite(minutes))) {
    throw new InvalidArgumentError('It is a number of minutes above 0.');
  }
  return minutes;
}
