import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { ConfigurationError, formatMessage } from '../errors.js';
import type { OrgContext } from '../org/orgContext.js';

/** Many times the size of the longest key in use, in bytes. */
const mostBytes = 64 * 1024;

/** Others can read or write the file, or its group can write it. Read access for the group is fine: containers often pass a key that way. */
const openToOthers = 0o026;

/**
 * Reads the file of a private key: a regular file, also through symbolic links, which is how Kubernetes mounts a secret. Warns if
 * other users of the machine can read or change it.
 *
 * @param source how messages name the setting
 * @throws ConfigurationError when it cannot be read; never quotes the path, which may be a key
 */
export function readKeyFile(path: string, source: string, warn: OrgContext['warn']): string {
  const unreadable = (why: string): ConfigurationError =>
    new ConfigurationError({
      code: 'ECA1101',
      cause: `${source} is neither a PEM private key (-----BEGIN ...) nor a readable file (${why})`,
    });
  const check = (stats: Stats): void => {
    if (stats.isDirectory()) throw unreadable('EISDIR');
    if (!stats.isFile()) throw unreadable('it is not a regular file');
    if (stats.size > mostBytes) throw unreadable(`it is larger than ${mostBytes / 1024} KiB`);
  };
  try {
    // Checked before opening, which has effects on a FIFO or a device, and again after it: the file may have been replaced.
    check(statSync(path));
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      check(stats);
      if (process.platform !== 'win32' && (stats.mode & openToOthers) !== 0) {
        warn(
          formatMessage({
            code: 'ECA1103',
            cause: `${source} is a file that other users of this machine can read or change. Restrict it to its owner (chmod 600)`,
          }),
        );
      }
      return readStart(file);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) throw thrown;
    throw unreadable(thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown reason');
  }
}

/** Reads no more than a key file may have, whatever size the file reports. */
function readStart(file: number): string {
  const buffer = Buffer.alloc(mostBytes);
  let length = 0;
  let read: number;
  do {
    read = readSync(file, buffer, length, buffer.length - length, null);
    length += read;
  } while (read > 0 && length < buffer.length);
  return buffer.toString('utf8', 0, length);
}
