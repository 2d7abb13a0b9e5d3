import {
  componentOfPath,
  componentPath,
  componentType,
  componentTypes,
  type ComponentType,
} from '../components/types.js';
import { readPackageXml, versionText, type PackageManifest } from '../packageXml.js';
import { decodeUtf8, XmlError } from '../xml.js';
import { DeployFailure, type ComponentResult, type DeployOptions } from './deployResult.js';

/** A file of a package that is listed in its package.xml. */
export interface PackagedFile {
  type: ComponentType;
  fullName: string;
  /** Path in the zip, with the wrapper folder. */
  path: string;
  bytes: Buffer;
}

/** A package of a deploy: the files to deploy and what already failed. */
export interface DeployPackage {
  version: number;
  manifestPath: string;
  files: PackagedFile[];
  failures: ComponentResult[];
}

/**
 * Finds the packages in the files of a zip: at the root with `singlePackage`, otherwise one per top folder (documented).
 * @param defaultVersion for a package.xml without a version: that of the endpoint
 * @param newestVersion newest API version of the org
 * @throws DeployFailure
 */
export function readPackages(
  files: ReadonlyMap<string, Buffer>,
  options: DeployOptions,
  defaultVersion: number,
  newestVersion: number,
): DeployPackage[] {
  const folders = options.singlePackage
    ? ['']
    : [...new Set([...files.keys()].map((path) => path.split('/')[0]))].map((name) => `${name ?? ''}/`);
  return folders.map((folder) => readPackage(files, folder, defaultVersion, newestVersion));
}

function readPackage(
  files: ReadonlyMap<string, Buffer>,
  folder: string,
  defaultVersion: number,
  newestVersion: number,
): DeployPackage {
  const manifestPath = `${folder}package.xml`;
  const manifestBytes = files.get(manifestPath);
  if (!manifestBytes)
    return {
      version: defaultVersion,
      manifestPath,
      files: [],
      failures: [failure(manifestPath, '', 'package.xml', 'No package.xml found')],
    };
  const manifest = parseManifest(manifestBytes, manifestPath);
  const version = manifest.version ?? defaultVersion;
  if (version > newestVersion) {
    throw new DeployFailure(
      'UNSUPPORTED_API_VERSION',
      `Invalid API version ${versionText(version)} in ${manifestPath}: this org offers up to ${versionText(newestVersion)}`,
    );
  }
  const result: DeployPackage = { version, manifestPath, files: [], failures: [] };
  const named = new Set<string>();
  for (const { name, members } of manifest.types) {
    const type = componentType(name);
    if (!type) {
      result.failures.push(
        failure(manifestPath, '', 'package.xml', `Unknown type name '${name}' specified in package.xml`),
      );
      continue;
    }
    for (const fullName of members) {
      if (fullName === '*') {
        for (const path of files.keys()) if (path.startsWith(`${folder}${type.folder}/`)) named.add(path);
        continue;
      }
      const path = folder + componentPath(type, fullName);
      named.add(path);
      if (!files.has(path)) {
        result.failures.push(
          failure(
            path,
            type.name,
            fullName,
            `An object '${fullName}' of type ${type.name} was named in package.xml, but was not found in zipped directory`,
          ),
        );
      }
    }
  }
  for (const [path, bytes] of files) {
    if (!path.startsWith(folder) || path === manifestPath) continue;
    const component = componentOfPath(path.slice(folder.length));
    if (!component || !named.has(path)) {
      const fullName = component?.fullName ?? path.slice(folder.length);
      result.failures.push(failure(path, component?.type.name ?? '', fullName, 'Not in package.xml'));
    } else {
      result.files.push({ ...component, path, bytes });
    }
  }
  result.files.sort((a, b) => componentTypes.indexOf(a.type) - componentTypes.indexOf(b.type));
  return result;
}

function parseManifest(bytes: Buffer, path: string): PackageManifest {
  try {
    return readPackageXml(decodeUtf8(bytes));
  } catch (error) {
    if (!(error instanceof XmlError) && !(error instanceof TypeError)) throw error;
    throw new DeployFailure('INVALID_OPERATION', `Error parsing file ${path}: ${error.message}`);
  }
}

function failure(
  fileName: string,
  componentTypeName: ComponentResult['componentType'],
  fullName: string,
  problem: string,
): ComponentResult {
  return {
    componentType: componentTypeName,
    fullName,
    fileName,
    success: false,
    created: false,
    changed: false,
    id: undefined,
    problem,
    lineNumber: undefined,
    columnNumber: undefined,
  };
}
