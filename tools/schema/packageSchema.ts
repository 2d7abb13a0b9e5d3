import { join } from 'node:path';
import ts from 'typescript';
import { packageName } from '../../provider/src/native/packageSchema.js';
import { environmentFallbacks, orgsVariable } from '../../provider/src/signIn/configuration.js';
import { repositoryAddress } from '../packages/packagePages.js';
import { repositoryFolder } from '../pulumiCli/repository.js';
import { docCommentOf } from './docComment.js';
import { examples, metadata } from './metadata.js';
import { PropertyTypes, type SchemaObject } from './propertyTypes.js';

/** The committed schema, which is part of the package. */
export const schemaFile = join(repositoryFolder, 'provider/schema.json');

const resources = ['ExternalClientAppJwtPolicy'];
const functions = ['getExternalClientAppJwtPolicy', 'listExternalClientApps'];

const tokenOf = (name: string): string => `${packageName}:index:${name}`;
const sources = join(repositoryFolder, 'provider/src');

/** The schema of the package `salesforce-eca` as text, made from the interfaces of the provider and their doc comments. */
export function packageSchema(): string {
  const entries = ['index.ts', 'native/providerArgs.ts'].map((path) => join(sources, path));
  const program = ts.createProgram(entries, compilerOptions());
  const checker = program.getTypeChecker();
  const exported = new Map(
    entries.flatMap((entry) => {
      const file = program.getSourceFile(entry);
      const module = file && checker.getSymbolAtLocation(file);
      return module === undefined
        ? []
        : checker
            .getExportsOfModule(module)
            .map(
              (symbol) =>
                [
                  symbol.name,
                  (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol),
                ] as const,
            );
    }),
  );
  const named = (name: string): ts.Symbol => {
    const symbol = exported.get(name);
    if (symbol === undefined) throw new Error(`${name} is not exported`);
    return symbol;
  };
  const repository = repositoryAddress();
  const types = new PropertyTypes(checker, tokenOf);
  const args = types.objectOf(named('ProviderArgs'));
  const schema = {
    ...metadata(repository),
    config: { variables: withVariables(args).properties },
    provider: {
      description: docCommentOf(named('ProviderArgs')).text,
      inputProperties: withVariables(args).properties,
    },
    resources: Object.fromEntries(
      resources.map((name) => [tokenOf(name), resource(named(name), named(`${name}Args`), types)]),
    ),
    functions: Object.fromEntries(
      functions.map((name) => {
        const [first = ''] = name;
        const base = first.toUpperCase() + name.slice(1);
        return [
          tokenOf(name),
          {
            // The paragraphs after the first are about the program's own process.
            description: docCommentOf(named(name)).text.split('\n\n')[0],
            inputs: { type: 'object', ...types.objectOf(named(`${base}Args`)) },
            outputs: { type: 'object', ...types.objectOf(named(`${base}Result`)) },
          },
        ];
      }),
    ),
  };
  return `${JSON.stringify({ ...schema, types: types.types }, undefined, 2)}\n`;
}

function compilerOptions(): ts.CompilerOptions {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  };
  const file = join(repositoryFolder, 'provider/tsconfig.json');
  return ts.getParsedCommandLineOfConfigFile(file, undefined, host)?.options ?? {};
}

function resource(outputs: ts.Symbol, inputs: ts.Symbol, types: PropertyTypes): Record<string, unknown> {
  const isOwn = ({ valueDeclaration }: ts.Symbol): boolean =>
    valueDeclaration?.getSourceFile().fileName.startsWith(sources.replaceAll('\\', '/')) === true;
  const { properties: inputProperties, required: requiredInputs } = types.objectOf(inputs);
  const { text, tags } = docCommentOf(outputs);
  const alias = tags.get('alias');
  return {
    description: `${text}\n\n${examples(repositoryAddress())}`,
    ...types.objectOf(outputs, isOwn),
    inputProperties,
    requiredInputs,
    ...(alias !== undefined && { aliases: [{ type: alias }] }),
  };
}

/** The provider's settings with the environment variables that are used if they are not set. */
function withVariables(args: SchemaObject): SchemaObject {
  const variables = new Map<string, readonly string[]>([
    ...Object.entries(environmentFallbacks),
    ['orgs', [orgsVariable]],
  ]);
  const properties = Object.entries(args.properties).map(([key, property]) => {
    const names = (variables.get(key) ?? []).map((name) => `\`${name}\``).join(' or ');
    return [
      key,
      names === ''
        ? property
        : { ...property, description: `${property.description} Environment variable: ${names}.` },
    ] as const;
  });
  return { properties: Object.fromEntries(properties), required: args.required };
}
