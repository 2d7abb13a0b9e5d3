import tseslint from 'typescript-eslint';

export default tseslint.config(
  // The SDK that this example imports is compiled by a test, which also checks the types of the example.
  { ignores: ['**/dist/**', '**/node_modules/**', 'sdk/**', 'fleet/**', 'examples/native/typescript/**'] },
  {
    // The browser's scripts have their types in comments.
    files: ['**/*.ts', '**/*.mts', 'local-org/setup-page/*.js'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Options replace those of the strict preset, so what it forbids is forbidden here again.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          allowAny: false,
          allowBoolean: false,
          allowNever: false,
          allowNullish: false,
          allowNumber: true,
          allowRegExp: false,
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Index access is the only way where noPropertyAccessFromIndexSignature forbids the dot.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // What a run remembers is made with it and handed down: two runs in one process share nothing.
    files: ['provider/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['Program', 'Program > ExportNamedDeclaration'].flatMap((top) => [
          {
            selector: `${top} > VariableDeclaration[kind="let"]`,
            message: 'A module keeps no state: see provider/src/run.',
          },
          {
            selector: `${top} > VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Weak)?(Map|Set)$/][arguments.length=0]`,
            message: 'A module keeps no state: see provider/src/run.',
          },
        ]),
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
