import tseslint from 'typescript-eslint';

export default tseslint.config(
  // The SDK that this example imports is compiled by a test, which also checks the types of the example.
  { ignores: ['**/dist/**', '**/node_modules/**', 'sdk/**', 'fleet/**', 'examples/native/typescript/**'] },
  {
    // The browser's scripts have their types in comments.
    files: ['**/*.ts', '**/*.mts', 'local-org/setup-page/*.js'],
    // Those of their rules that need types are oxlint's (.oxlintrc.json), which takes a tenth of the time.
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
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
