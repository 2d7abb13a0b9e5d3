import { join } from 'node:path';
import { pythonWith } from '../../../tools/clients/pythonPackage.js';

/** The Python that has a module at a version, with everything that its file in `locks` names. */
export function lockedPython(module: string, version: string): Promise<string> {
  const requirements = join(__dirname, '..', 'locks', `${module}-${version}`, 'requirements.txt');
  return pythonWith({ folder: module, module, version, install: ['--requirement', requirements] });
}
