/**
 * `npm run -s yaml-host-path`: gets Pulumi's language host for YAML programs if need be and prints the folder that holds it, and
 * nothing else, on stdout.
 */
import { printFolder } from './printFolder.js';
import { languageHostFolder } from './pulumiCli/languageHostFolder.js';

printFolder(() => languageHostFolder('yaml'));
