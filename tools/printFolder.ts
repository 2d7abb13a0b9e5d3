/** Prints only a folder on stdout; if it cannot be found, prints the reason on stderr, with exit code 1. */
export function printFolder(find: () => Promise<string>): void {
  find().then(
    (folder) => {
      process.stdout.write(`${folder}\n`);
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
