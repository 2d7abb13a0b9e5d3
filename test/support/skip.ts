/** Skips what a hook or test is for, and says why. */
export function skip(context: Mocha.Context, what: string, error: unknown): never {
  console.log(
    `      skipped, because ${what} could not be had: ${error instanceof Error ? error.message : String(error)}`,
  );
  return context.skip();
}
