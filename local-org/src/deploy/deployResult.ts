import type { ComponentTypeName } from '../components/types.js';

/** Options of a deploy as the Metadata API names them; the defaults are the API's. */
export interface DeployOptions {
  checkOnly: boolean;
  rollbackOnError: boolean;
  singlePackage: boolean;
  ignoreWarnings: boolean;
  purgeOnDelete: boolean;
  testLevel: string;
}

/** The result of a deploy for one component. */
export interface ComponentResult {
  /** Empty for package.xml. */
  componentType: ComponentTypeName | '';
  fullName: string;
  /** Path in the zip. */
  fileName: string;
  success: boolean;
  created: boolean;
  changed: boolean;
  /** Id of the component; undefined for package.xml and for components that were not created. */
  id: string | undefined;
  problem: string | undefined;
  /** From 1; undefined if the problem has no particular place. */
  lineNumber: number | undefined;
  columnNumber: number | undefined;
}

/** What a deploy would write, and the result for each component. */
export interface DeployOutcome {
  results: ComponentResult[];
  changes: { type: ComponentTypeName; fullName: string; xml: string; consumerSecret: string | undefined }[];
}

/** A deploy that fails completely: `errorStatusCode` and `errorMessage` of the result. */
export class DeployFailure extends Error {
  override readonly name = 'DeployFailure';
  constructor(
    readonly statusCode: string,
    message: string,
  ) {
    super(message);
  }
}
