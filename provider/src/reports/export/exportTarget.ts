import { ProviderError } from '../../errors.js';
import { packageName } from '../../native/packageSchema.js';
import { nativeResourceType, providerText, resourceType } from '../../resourceType.js';
import type { ProgramFormat } from './fileNames.js';

/** What differs between the two providers in the files of an export. */
interface ProviderFiles {
  /** The type of the resource in states. */
  readonly type: string;
  /** The namespace of the configuration. */
  readonly namespace: string;
  /** The package that a TypeScript program imports. */
  readonly npmPackage: string;
  /** Properties of every resource in a state that no program declares. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly formats: readonly ProgramFormat[];
}

/** The providers that an export can be for. */
export const exportProviders = {
  dynamic: {
    type: resourceType,
    namespace: 'salesforce',
    npmPackage: 'pulumi-salesforce-eca',
    hidden: { __provider: providerText },
    formats: ['typescript', 'json'],
  },
  native: {
    type: nativeResourceType,
    namespace: packageName,
    npmPackage: 'pulumi-salesforce-eca-native',
    hidden: {},
    formats: ['typescript', 'yaml', 'python', 'json'],
  },
} as const satisfies Record<string, ProviderFiles>;

/** One of {@link exportProviders}. */
export type ExportProvider = keyof typeof exportProviders;

/** What an export is written for. */
export interface ExportTarget {
  readonly provider: ExportProvider;
  readonly format: ProgramFormat;
}

/** @throws ProviderError for a language that has no dynamic providers */
export function assertSupported({ provider, format }: ExportTarget): void {
  const { formats }: ProviderFiles = exportProviders[provider];
  if (!formats.includes(format)) {
    throw new ProviderError({
      code: 'ECA8105',
      cause: `--language is ${format}, but programs for the dynamic provider are in TypeScript only`,
      advice: 'Add --provider native, or leave out --language',
    });
  }
}
