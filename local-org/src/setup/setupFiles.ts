import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that the Setup page loads. */
export interface SetupFile {
  /** Content-Type. */
  type: string;
  text: string;
}

/** The package's own files for the browser, as they are served. */
const folder = join(__dirname, '..', '..', 'setup-page');

const types: ReadonlyMap<string, string> = new Map([
  ['style.css', 'text/css; charset=utf-8'],
  ['page.js', 'text/javascript; charset=utf-8'],
  ['live.js', 'text/javascript; charset=utf-8'],
  ['controlForms.js', 'text/javascript; charset=utf-8'],
  ['countdown.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
]);

let files: Promise<ReadonlyMap<string, SetupFile>> | undefined;

/** The files by name; read once in a process. */
export function readSetupFiles(): Promise<ReadonlyMap<string, SetupFile>> {
  files ??= Promise.all(
    [...types].map(
      async ([name, type]) => [name, { type, text: await readFile(join(folder, name), 'utf8') }] as const,
    ),
  ).then((entries) => new Map(entries));
  return files;
}
