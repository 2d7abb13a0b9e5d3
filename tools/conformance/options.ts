import { parseArgs } from 'node:util';

/** What one run checks. */
export interface ConformanceOptions {
  /** Names of clients. */
  clients: readonly string[];
  /** A folder for the results; undefined: none are written. */
  out: string | undefined;
  /** Whether stdout gets the results as JSON instead of the table. */
  json: boolean;
  help: boolean;
}

/** The arguments make no sense; the message says which and what is allowed. */
export class ConformanceOptionsError extends Error {
  override readonly name = 'ConformanceOptionsError';
}

/** What `--help` prints. */
export function usage(clients: readonly string[]): string {
  return `Usage: npm run conformance -- [options]

Has clients that nobody here wrote work with an org on this machine, and prints a table of client × operation. A client that is
missing is got from the npm registry or PyPI and kept in the cache folder, outside the repository (the Salesforce CLI has 300 MB).

  --client NAME   a client to check; repeat it for several (default: all)
                  ${clients.join(', ')}
  --out DIR       write conformance.json and conformance.md into a folder
  --json          print the results as JSON instead of the table
  --help          print this text

Exit codes: 0 when everything passed or is explained, 1 when something failed, 2 for arguments that make no sense.
`;
}

/**
 * Reads the arguments after the command's name.
 *
 * @param known names of the clients that there are
 * @throws ConformanceOptionsError
 */
export function parseOptions(args: readonly string[], known: readonly string[]): ConformanceOptions {
  const values = parse(args);
  const unknown = values.client.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConformanceOptionsError(`--client takes one of ${known.join(', ')}, not '${unknown}'.`);
  return {
    clients: values.client.length === 0 ? known : known.filter((name) => values.client.includes(name)),
    out: values.out,
    json: values.json,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        client: { type: 'string', multiple: true, default: [] },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new ConformanceOptionsError(error instanceof Error ? error.message : String(error));
  }
}
