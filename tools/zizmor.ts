import { dirname, join } from 'node:path';
import { pythonWith } from './clients/pythonPackage.js';

/** The linter for what workflow files of GitHub Actions may do and whom they trust; a compiled program, which PyPI serves for every machine. */
const version = '1.32.0';

/**
 * The program zizmor in the cache folder, outside the repository; it is downloaded from PyPI if it is missing.
 *
 * @throws Error with the reason if it is not available, for example without Python
 */
export async function zizmorProgram(): Promise<string> {
  const python = await pythonWith({ folder: 'zizmor', version, install: [`zizmor==${version}`] });
  return join(dirname(python), 'zizmor');
}
