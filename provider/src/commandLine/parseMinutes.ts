import { InvalidArgumentError } from 'commander';

/**
 * The value of an option in minutes.
 *
 * @throws InvalidArgumentError for anything but a whole number above 0
 */
export function parseMinutes(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number of minutes, 1 or more.');
  }
  return Number(text);
}
