import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { ConfigurationError, formatMessage } from '../errors.js';
import type { OrgContext } from '../org/orgContext.js';

/** Many times what the longest key in use needs, in bytes. */
const mostBytes = 64 * 1024;

/** Others may read or write it, or the group may write it: a group that may read is how containers hand a key to a user. */
const openToOthers = 0o026;

/**
 * Reads the file of a private key: a regular file, also at the end of links, which is how Kubernetes mounts a secret. Warns where
 * other users of the machine can read or change it.
 *
 * @param source how messages name the setting
 * @throws ConfigurationError when it cannot be read; never quotes the path, which may be a key
 */
export function readKeyFile(path: string, source: string, warn: OrgContext['warn']): string {
  const unreadable = (why: string): ConfigurationError =>
    new ConfigurationError({
      code: 'ECA1101',
      cause: `${source} is neither a key in PEM form (-----BEGIN ...) nor a file that can be read (${why})`,
    });
  const check = (stats: Stats): void => {
    if (stats.isDirectory()) throw unreadable('EISDIR');
    if (!stats.isFile()) throw unreadable('it is not a regular file');
    if (stats.size > mostBytes) throw unreadable(`it has more than ${mostBytes / 1024} KiB`);
  };
  try {
    // Before it is opened, which a FIFO or a device would notice, and again, for it may be another one by then.
    check(statSync(path));
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      check(stats);
      if (process.platform !== 'win32' && (stats.mode & openToOthers) !== 0) {
        warn(
          formatMessage({
            code: 'ECA1103',
            cause: `${source} is a file that other users of this machine can read or change: let only its owner do so (chmod 600)`,
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

/** At most as much as a key file may have, whatever its size is said to be. */
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
