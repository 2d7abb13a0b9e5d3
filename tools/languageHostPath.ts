/**
 * `npm run -s language-host-path -- LANGUAGE`: gets Pulumi's language host for programs in a language if need be and prints the folder that
 * contains it, and nothing else, on stdout.
 */
import { printFolder } from './printFolder.js';
import { hostLanguages, languageHostFolder } from './pulumiCli/languageHostFolder.js';

const wanted = process.argv[2];
const language = hostLanguages.find((name) => name === wanted);

printFolder(() =>
  language === undefined
    ? Promise.reject(new Error(`name one of these languages: ${hostLanguages.join(', ')}`))
    : languageHostFolder(language),
);
