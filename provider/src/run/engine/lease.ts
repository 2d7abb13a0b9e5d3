import { statSync } from 'node:fs';

/**
 * The environment variable that names a file: this process may send requests as long as the time of the file's last modification is in
 * the future. Whoever runs Pulumi on several machines moves that time on, and thus knows from when on no other request is sent, even by
 * a machine that was suspended and continues.
 */
export const leaseVariable = 'SALESFORCE_ECA_LEASE';

/** Whether this process runs under a lease that has ended. A file that cannot be read grants nothing. */
export function isLeaseOver(): boolean {
  const file = process.env[leaseVariable] ?? '';
  if (file === '') {
    return false;
  }
  try {
    return statSync(file).mtimeMs <= Date.now();
  } catch {
    return true;
  }
}
