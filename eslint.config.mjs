import tseslint from 'typescript-eslint';

// Which folder of src/ may import which. The same table is walked by test/unit/architecture.test.ts.
// A folder may always import itself.
const rooms = ['core', 'aws', 'practice', 'editor', 'protocol', 'webview'];
const mayImport = {
  core: [],
  protocol: [],
  aws: ['core'],
  practice: [],
  editor: ['core', 'protocol'],
  webview: ['protocol'],
};
const packagesForbidden = {
  core: ['vscode', 'node:*', '@aws-sdk/*', '@smithy/*', 'qrcode'],
  protocol: ['*', '!./**', '!../protocol/**'],
  aws: ['vscode', 'qrcode'],
  practice: ['vscode', '@aws-sdk/*', '@smithy/*', 'otpauth'],
  editor: ['node:*', '@aws-sdk/*', '@smithy/*', 'qrcode'],
  webview: ['vscode', 'node:*', '@aws-sdk/*', '@smithy/*'],
};

const zones = rooms.map((room) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: rooms.filter((r) => r !== room && !mayImport[room].includes(r)).map((r) => `**/${r}/**`),
            message: `src/${room} may import only: ${['itself', ...mayImport[room]].join(', ')}.`,
          },
          { group: packagesForbidden[room], message: `src/${room} stays free of this package.` },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', '.vscode-test/', 'node_modules/', 'scripts/host/node_modules/', 'test-results/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The index-signature rule of the compiler asks for brackets; the two must not fight.
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  ...zones,
  {
    files: ['src/core/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', 'process', 'Buffer', 'window', 'document', 'require'] },
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
