/** The name of the file for `pulumi import --file`. */
export const importFileName = 'import.json';

/** The formats of the program, with the names of their files. */
export const programFileNames = { typescript: 'index.ts', json: 'external-client-apps.json' } as const;

/** A format of the program. */
export type ProgramFormat = keyof typeof programFileNames;
