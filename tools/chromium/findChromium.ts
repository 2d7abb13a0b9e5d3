import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What Chromium and the browsers made of it are called on a PATH. */
const programs: readonly string[] = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The executable file of Chromium: the one that the environment variable `CHROMIUM_BIN` names, else the first on PATH.
 *
 * @returns undefined when there is none
 * @throws Error when `CHROMIUM_BIN` does not name an executable file
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = env['CHROMIUM_BIN'];
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return named;
    throw new Error(
      `CHROMIUM_BIN is "${named}", which is not an executable file. Set it to a Chromium executable, or unset it to search for one.`,
    );
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const file of folders.flatMap((folder) => programs.map((program) => join(folder, program)))) {
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
