import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { repositoryFolder } from '../pulumiCli/repository.js';

const packageFolder = join(repositoryFolder, 'provider');
const compiled = join(packageFolder, 'dist');

/** A bundled script. */
export interface Bundle {
  content: Uint8Array;
  /** The files of installed packages whose code it has, by their paths in the repository. */
  packageFiles: readonly string[];
}

/**
 * The program of the native provider in two scripts. `main.js` is small and in a syntax that every Node.js can read, so that an old
 * one can say what is required; it loads `server.js`, which contains all the rest.
 *
 * @throws Error with the reason where something cannot be bundled
 */
export async function bundleProvider(): Promise<{ main: Bundle; server: Bundle }> {
  const [main, server] = await Promise.all([
    bundle({
      entryPoints: [join(compiled, 'native/main.js')],
      external: ['./server.js'],
      target: 'es2017',
      supported: { 'dynamic-import': false },
    }),
    bundle({ entryPoints: [join(compiled, 'native/server.js')], plugins: [await selfContained()] }),
  ]);
  return { main, server };
}

/** The same program in one script, as a single executable has it: such a script can load no other. */
export async function bundleProviderInOne(): Promise<Bundle> {
  return bundle({ entryPoints: [join(compiled, 'native/main.js')], plugins: [await selfContained()] });
}

async function bundle(options: esbuild.BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile, warnings } = await esbuild.build({
    absWorkingDir: repositoryFolder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22.19',
    // Messages and classes keep their names.
    minifyWhitespace: true,
    minifySyntax: true,
    // The licences are in a file of their own.
    legalComments: 'none',
    logLevel: 'silent',
    ...options,
    outfile: 'bundle.js',
    metafile: true,
    write: false,
  });
  const [output] = outputFiles;
  const [warning] = warnings;
  if (warning !== undefined) throw new Error(`${warning.location?.file ?? ''}: ${warning.text}`);
  if (output === undefined) throw new Error('the bundle is empty');
  const packageFiles = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path.includes('node_modules/'))
    .map(([path]) => path);
  return { content: output.contents, packageFiles };
}

/** Replaces the modules that look for files at run time: a bundle is not in its package and has no packages beside it. */
async function selfContained(): Promise<esbuild.Plugin> {
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const files = {
    'package.json': JSON.stringify({ version }),
    'schema.json': await readFile(join(packageFolder, 'schema.json'), 'utf8'),
  };
  const replacements: Readonly<Record<string, { contents: string; resolveDir: string }>> = {
    [join(compiled, 'native/packageFiles.js')]: {
      contents: `exports.readPackageFile = (name) => (${JSON.stringify(files)})[name];`,
      resolveDir: compiled,
    },
    [join(compiled, 'run/pulumiSdk.js')]: {
      contents: `
exports.sdkGrpc = () => require('@grpc/grpc-js');
exports.sdkMessages = () => ({
  Any: require('google-protobuf/google/protobuf/any_pb').Any,
  Empty: require('google-protobuf/google/protobuf/empty_pb').Empty,
  Struct: require('google-protobuf/google/protobuf/struct_pb').Struct,
});`,
      // The copies of the SDK.
      resolveDir: dirname(require.resolve('@pulumi/pulumi/package.json')),
    },
  };
  return {
    name: 'self-contained',
    setup: (build) => {
      const replaced = new Set<string>();
      build.onLoad({ filter: /(?:packageFiles|pulumiSdk)\.js$/ }, ({ path }) => {
        const replacement = replacements[path];
        if (replacement === undefined) return undefined;
        replaced.add(path);
        return replacement;
      });
      build.onEnd(() => {
        const missed = Object.keys(replacements).filter((path) => !replaced.has(path));
        return { errors: missed.map((path) => ({ text: `${path} is not part of the program` })) };
      });
    },
  };
}
