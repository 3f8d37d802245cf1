import tseslint from 'typescript-eslint';

/**
 * The rooms of the program, top to bottom: a room may import only rooms below it (docs/architecture.md).
 * `src/shared` is below all; pages (`webview/`) may import only it, and the protocol types of `src/ui/panels/protocol.ts`.
 */
const rooms = [
  'ui',
  'changes',
  'watch',
  'history',
  'stuck',
  'offsetsTopic',
  'tail',
  'produce',
  'records',
  'formats',
  'groups',
  'kafka',
];

const roomRules = rooms.map((room, index) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...(index === 0
            ? []
            : [
                {
                  regex: `(^|/)(${rooms.slice(0, index).join('|')})/`,
                  message: `src/${room} may import only rooms below it: see docs/architecture.md.`,
                },
                { regex: '^vscode$', message: 'vscode may be imported only under src/ui and in src/extension.ts.' },
              ]),
          { regex: '(^|/)(extension|webview/.*)(\\.ts)?$', message: 'Nothing imports the entry point or a page.' },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: ['node_modules', 'dist', 'out', '.tools', '.vscode-test', 'src/kafka/protocol/generated'],
  },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts', 'webview/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts', 'scripts/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      // node:test's describe and it return promises that nobody awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['describe', 'it', 'test', 'suite'], package: 'node:test' },
          ],
        },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['tools/**', 'scripts/**', 'test/**', 'demo/**'], rules: { 'no-console': 'off' } },
  ...roomRules,
  {
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+src/(?!ui/panels/(\\w+/)?protocol\\.ts$|shared/)',
              message: 'A page knows the host only through its protocol.ts under src/ui/panels, and src/shared.',
            },
            { regex: '^(vscode|node:.*)$', message: 'A page runs in a browser.' },
          ],
        },
      ],
    },
  },
);
