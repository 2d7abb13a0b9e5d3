/** The packages of the workspace that are published: their names in the registry by their folders. */
export const publishedPackages = {
  provider: 'pulumi-salesforce-eca',
  'policy-pack': 'pulumi-salesforce-eca-policies',
  'local-org': 'salesforce-local-org',
} as const;

/** The folders of {@link publishedPackages}. */
export const packageFolders = [
  'provider',
  'policy-pack',
  'local-org',
] as const satisfies (keyof typeof publishedPackages)[];

/** The package beside the workspace. It has a lock file, tests and notes of changes of its own. */
export const fleetPackage = { folder: 'fleet', name: 'pulumi-salesforce-eca-fleet' } as const;
