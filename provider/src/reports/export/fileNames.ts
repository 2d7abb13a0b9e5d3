/** The name of the file for `pulumi import --file`. */
export const importFileName = 'import.json';

/** The languages of the program, with the names of their files; in YAML it is one beside Pulumi.yaml, which no export overwrites. */
export const languageFileNames = {
  typescript: 'index.ts',
  yaml: 'Main.yaml',
  python: '__main__.py',
} as const;

/** The formats of the program, with the names of their files. */
export const programFileNames = { ...languageFileNames, json: 'external-client-apps.json' } as const;

/** A language of the program. */
export type ProgramLanguage = keyof typeof languageFileNames;

/** A format of the program. */
export type ProgramFormat = keyof typeof programFileNames;
